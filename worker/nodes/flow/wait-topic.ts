import { z } from 'zod'
import type { Json } from '../../contract/json.ts'
import type { Heard, Scope } from '../../engine/behaviour.ts'
import { expressionScope } from '../params/expression-scope.ts'
import { field } from '../params/field.ts'
import { invalidParam } from '../params/parse-params.ts'
import { valueAt } from '../../lib/value-at.ts'
import { durationMs, maxWaitMs, noDuration, tooLong } from './wait-instant.ts'

export const eventPattern = /^(?:\*|[a-zA-Z0-9_]+(?:[.:/-][a-zA-Z0-9_]+)*(?:[.:/-]\*)?)$/

/** Texts, because any of them may be an expression. */
export const text = () => z.string().max(4_096)

/** How long a step that listens waits at most. */
export const atMost = () =>
  text()
    .default('7 days')
    .meta(
      field({
        title: 'At most',
        description: 'Then it goes on the other way. 365 days is the longest.',
        control: 'duration',
        placeholder: '7 days',
      }),
    )

/** The contact whose events count. Empty: the one that the execution is about. */
export const contactParam = {
  control: 'text',
  placeholder: '{{ trigger.contactId }}',
  description: 'A contact’s id. Empty means the contact that the execution is about.',
} as const

/** When the time of a step that listens is over, in epoch ms. Throws `StepFailure` that names the param. */
export function deadline(param: string, text: string, now: number): number {
  const ms = durationMs(text)
  if (ms === null) throw invalidParam(param, noDuration(text))
  if (ms > maxWaitMs) throw invalidParam(param, tooLong)
  return now + ms
}

/** The contact an execution is about: what its trigger says, or the contact it can read. Throws when there is none. */
export function contactOf(scope: Scope, given: string): string {
  if (given.trim() !== '') return given.trim()
  const { trigger, contact } = expressionScope(scope)
  const found = [
    valueAt(trigger, ['contactId']),
    valueAt(contact, ['id']),
    valueAt(trigger, ['data', 'contact', 'id']),
  ].find((id) => typeof id === 'string' && id !== '')
  if (typeof found === 'string') return found
  throw invalidParam('contact', 'is missing: the execution is not about a contact')
}

/** The scope in which an event is looked at: what it is, and the contact as it brings it along. */
export function withEvent(scope: Scope, { id, type, at: acceptedAt, data }: Heard): Scope {
  const event = typeof data === 'object' && data !== null && !Array.isArray(data) ? data : { id, type, data }
  const contact = valueAt(event, ['data', 'contact']) as Json | undefined
  const read: Record<string, Json> = {
    event: { ...event, acceptedAt: new Date(acceptedAt).toISOString() },
    ...(contact !== undefined && contact !== null && { contact }),
  }
  return { ...scope, ...read }
}
