import type { HookKey } from '../id.ts'

/** What is in a `HookKey`. */
export const hookKeyText = /^[0-9a-hjkmnp-tv-z]{26}$/

/** The check of `HookKey` without a schema's errors, for the path every webhook takes. */
export function isHookKey(text: string | undefined): text is HookKey {
  return text !== undefined && hookKeyText.test(text)
}

/** How the ids of each kind begin. */
export const idPrefixes = {
  organization: 'org',
  user: 'usr',
  team: 'team',
  workflow: 'wf',
  version: 'ver',
  execution: 'exe',
  event: 'evt',
  apiKey: 'key',
  contact: 'con',
  calendar: 'cal',
  approval: 'apr',
  invitation: 'inv',
  tap: 'tap',
} as const
export type IdKind = keyof typeof idPrefixes
