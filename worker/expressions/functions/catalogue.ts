import type { Json } from '../../contract/json.ts'
import { signatureOf, type Receiver } from './define.ts'
import { definitions } from './definitions.ts'

/** One entry of the function reference. */
export interface CatalogueEntry {
  name: string
  /** What it belongs to: a method of that kind of value, or undefined for a function. */
  on: Receiver | undefined
  /** Other names for the same. */
  aliases: readonly string[]
  /** `padStart(length, fill?) → text` */
  signature: string
  description: string
  example: string
  /** What the example gives with `catalogueScope`. */
  result: Json
}

/** Every function and method, as data for the reference and for completion in the editor. */
export const functionCatalogue: readonly CatalogueEntry[] = definitions.map((definition) => ({
  name: definition.name,
  on: definition.on,
  aliases: definition.aliases,
  signature: signatureOf(definition),
  description: definition.description,
  example: definition.example,
  result: definition.result,
}))

/** What the examples of the catalogue see: a Saturday in November. */
export const catalogueScope = {
  now: Date.UTC(2026, 10, 21, 9, 30),
  trigger: { body: { email: 'ada@example.com' } },
}
