// contact-at-start
//
// The contact that an execution is about, as it was when the event that began it was accepted. It comes with the
// trigger, so beginning the same execution twice reads the same contact, and it stays what it was however long the
// execution goes on.

import { contactEventTypes } from '../contract/facts/contact.ts'
import type { Json, JsonObject } from '../contract/json.ts'

const ownTypes: ReadonlySet<Json | undefined> = new Set(contactEventTypes)

/** Null when the trigger names no contact, or named one that was not there. */
export function contactAtStart(trigger: Json): JsonObject | null {
  if (!isObject(trigger)) return null
  const { contact, type, data } = trigger
  // A contact's own events hold it in their data; nobody else can send events of these types.
  const found = contact ?? (ownTypes.has(type) && isObject(data) ? data['contact'] : undefined)
  return isObject(found) ? found : null
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
