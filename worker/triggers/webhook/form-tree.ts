import type { Json, JsonObject } from '../../contract/json.ts'
import { jsonLimits, jsonTooLarge } from '../../lib/parse-json.ts'

/** Names with more brackets than this are taken as they stand. */
const maxBrackets = 16

type Branch = Map<string, Branch | Json>

/**
 * Form fields gathered into a value: `customer[name]` makes objects, `tags[]` and a name given twice make lists, and
 * `lines[0]`, `lines[1]` … a list too. Dots mean nothing. Built of maps, so no field name can touch a prototype; fields
 * named for one (`__proto__`, `constructor[prototype]`) are dropped.
 */
export class FormTree {
  readonly #root: Branch = new Map()
  #count = 0

  /** Throws `AppError` `request.too_large` beyond the limits of JSON from outside. */
  add(name: string, value: Json): void {
    if (++this.#count > jsonLimits.keys) throw jsonTooLarge('number of keys')
    if (typeof value === 'string' && value.length > jsonLimits.stringLength) {
      throw jsonTooLarge('string length')
    }
    const keys = keysOf(name)
    if (keys.some((key, index) => key === '__proto__' || (key === 'prototype' && keys[index - 1] === 'constructor')))
      return
    if (!put(this.#root, keys, value)) put(this.#root, [name], value)
  }

  toJson(): JsonObject {
    return Object.fromEntries([...this.#root].map(([key, value]) => [key, leave(value)]))
  }
}

/** `a[b][]` as `a`, `b` and the empty text; a name whose brackets do not pair is one key. */
function keysOf(name: string): string[] {
  const match = /^([^[\]]+)((?:\[[^[\]]*\])*)$/.exec(name)
  if (match === null) return [name]
  const brackets = match[2]!.match(/\[[^[\]]*\]/g) ?? []
  if (brackets.length > maxBrackets) return [name]
  return [match[1]!, ...brackets.map((bracket) => bracket.slice(1, -1))]
}

/** False when a name on the way already holds a value and cannot be an object too. */
function put(root: Branch, keys: readonly string[], value: Json): boolean {
  let branch = root
  for (const [index, key] of keys.entries()) {
    const name = key === '' && index > 0 ? String(branch.size) : key
    const existing = branch.get(name)
    if (index === keys.length - 1) {
      if (existing instanceof Map) return false
      if (existing === undefined) branch.set(name, value)
      else if (Array.isArray(existing)) existing.push(value)
      else branch.set(name, [existing, value])
      return true
    }
    if (existing instanceof Map) {
      branch = existing
    } else {
      if (existing !== undefined) return false
      const next: Branch = new Map()
      branch.set(name, next)
      branch = next
    }
  }
  return true
}

function leave(value: Branch | Json): Json {
  if (!(value instanceof Map)) return value
  const entries = [...value]
  if (entries.length > 0 && entries.every(([key], index) => key === String(index))) {
    return entries.map(([, child]) => leave(child))
  }
  return Object.fromEntries(entries.map(([key, child]) => [key, leave(child)]))
}
