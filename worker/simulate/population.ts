import type { Json, JsonObject } from '../contract/json.ts'
import type { ContactField } from '../contract/simulate.ts'

interface Population {
  samples: readonly Json[] | undefined
  fields: Readonly<Record<string, ContactField>> | undefined
  /** A number in [0, 1) for a contact and a name. */
  draw(contact: number, name: string): number
}

/** The data of a contact, counted from 0: its sample, with the fields laid over it. Without either, its number. */
export function contactOf({ samples, fields, draw }: Population, contact: number): Json {
  const sample = samples?.[contact % samples.length]
  if (fields === undefined) return sample ?? { number: contact + 1 }
  const data: JsonObject = isObject(sample) ? structuredClone(sample) : {}
  for (const [name, field] of Object.entries(fields)) {
    put(
      data,
      name.split('.'),
      valueOf(field, contact, () => draw(contact, name)),
    )
  }
  return data
}

function valueOf(field: ContactField, contact: number, draw: () => number): Json {
  if ('value' in field) return field.value
  if ('pick' in field) return pick(field.pick, draw())
  if ('between' in field) return between(field.between, field.decimals, draw())
  if ('chance' in field) return draw() < field.chance
  if ('text' in field) return field.text.replaceAll('{n}', String(contact + 1))
  const [from, to] = field.instant.map((text) => Date.parse(text))
  return new Date(Math.round(from! + draw() * (to! - from!))).toISOString()
}

function pick(entries: readonly { value: Json; weight: number }[], drawn: number): Json {
  const total = entries.reduce((sum, { weight }) => sum + weight, 0)
  let end = 0
  return (entries.find(({ weight }) => drawn * total < (end += weight)) ?? entries.at(-1))?.value ?? null
}

/** Every number from the first to the second with so many decimals is as likely as any other. */
function between([one, other]: readonly [number, number], decimals: number, drawn: number): number {
  const scale = 10 ** decimals
  const from = Math.ceil(Math.min(one, other) * scale)
  const to = Math.floor(Math.max(one, other) * scale)
  return (from + Math.floor(drawn * Math.max(1, to - from + 1))) / scale
}

function put(data: JsonObject, [key = '', ...rest]: string[], value: Json): void {
  if (rest.length === 0) {
    data[key] = value
    return
  }
  const known = Object.hasOwn(data, key) ? data[key] : undefined
  const inner: JsonObject = isObject(known) ? known : {}
  data[key] = inner
  put(inner, rest, value)
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
