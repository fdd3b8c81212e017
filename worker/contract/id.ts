import { z } from 'zod'

/**
 * Ids say what they name (`wf_…`, `exe_…`) and are checked at every border, so an id of the wrong kind never gets past
 * parsing. Their body is 26 Crockford base32 digits: 10 of time in epoch ms and 16 of chance or hash, so ids of one
 * kind sort by when they were made.
 */
function idSchema<const Brand extends string>(prefix: string, brand: Brand) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`), `must be an id that starts with ${prefix}_`)
    .brand<Brand>()
    .meta({ id: brand, example: `${prefix}_01jd4x8m3w5q7r9t1v3x5z7b9d` })
}

export const OrganizationId = idSchema('org', 'OrganizationId')
export type OrganizationId = z.infer<typeof OrganizationId>
export const UserId = idSchema('usr', 'UserId')
export type UserId = z.infer<typeof UserId>
export const TeamId = idSchema('team', 'TeamId')
export type TeamId = z.infer<typeof TeamId>
export const WorkflowId = idSchema('wf', 'WorkflowId')
export type WorkflowId = z.infer<typeof WorkflowId>
export const VersionId = idSchema('ver', 'VersionId')
export type VersionId = z.infer<typeof VersionId>
export const ExecutionId = idSchema('exe', 'ExecutionId')
export type ExecutionId = z.infer<typeof ExecutionId>
export const EventId = idSchema('evt', 'EventId')
export type EventId = z.infer<typeof EventId>
export const ApiKeyId = idSchema('key', 'ApiKeyId')
export type ApiKeyId = z.infer<typeof ApiKeyId>

/** The key in a hook's address: 128 bits of chance, so that it can not be guessed. */
export const HookKey = z
  .string()
  .regex(/^[0-9a-hjkmnp-tv-z]{26}$/)
  .brand<'HookKey'>()
  .meta({ id: 'HookKey' })
export type HookKey = z.infer<typeof HookKey>

export const idPrefixes = {
  organization: 'org',
  user: 'usr',
  team: 'team',
  workflow: 'wf',
  version: 'ver',
  execution: 'exe',
  event: 'evt',
  apiKey: 'key',
} as const
export type IdKind = keyof typeof idPrefixes
