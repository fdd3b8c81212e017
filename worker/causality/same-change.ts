import { contactEventTypes } from '../contract/facts/contact.ts'
import type { Cause } from '../contract/cause.ts'
import type { Json, JsonObject } from '../contract/json.ts'

/** An event as far as it says who changed which contact. */
export interface MaybeChange {
  eventType: string
  contactId: string | undefined
  cause: Cause | undefined
  /** What workflows read as `trigger`. */
  data: Json
}

/** Whether a program changed a contact, and nobody knows what made it do so. */
export function isChangeByProgram({ eventType, cause }: Pick<MaybeChange, 'eventType' | 'cause'>): boolean {
  return cause?.by.kind === 'apiKey' && cause.depth === 0 && contactEventTypes.some((type) => type === eventType)
}

/**
 * What counts as the same change of a program: by this key, of this contact, of these fields or this tag. Not to which
 * values: a loop that changes nothing would come to its end by itself.
 */
export function sameChange({ eventType, contactId, cause, data }: MaybeChange): Json {
  const change = objectOf(objectOf(data)['data'])
  const changes = Array.isArray(change['changes']) ? change['changes'] : []
  return {
    by: cause?.by.kind === 'apiKey' ? cause.by.apiKeyId : null,
    type: eventType,
    contactId: contactId ?? null,
    fields: [...changes.map((one) => objectOf(one)['field'] ?? null), change['field'] ?? null].map(String).toSorted(),
    tag: change['tag'] ?? null,
  }
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
