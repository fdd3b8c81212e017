import type { Json } from '../contract/json.ts'

/** What is read of a contact: paths of one or two keys. An empty one is all of it. */
export type ContactReads = readonly (readonly string[])[]

/** The parts of a contact that are read. Null stays null: there is no such contact. */
export function partsOf(contact: Json, reads: ContactReads): Json {
  if (!isObject(contact) || reads.some((path) => path.length === 0)) return contact
  const parts: Record<string, Json> = {}
  for (const [key = '', inner] of reads) {
    if (!Object.hasOwn(contact, key)) continue
    const value = contact[key]!
    if (inner === undefined || !isObject(value) || isWhole(parts[key], value)) {
      parts[key] = value
      continue
    }
    const kept = (parts[key] ??= {}) as Record<string, Json>
    if (Object.hasOwn(value, inner)) kept[inner] = value[inner]!
  }
  return parts
}

function isWhole(part: Json | undefined, value: Json): boolean {
  return part !== undefined && part === value
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
