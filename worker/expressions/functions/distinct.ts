import { DateValue } from '../dates/date-value.ts'
import { isSame } from '../operators.ts'
import type { Evaluation } from '../evaluation.ts'
import type { Value } from '../value.ts'

/** How many entries of a list or object are looked at to guess which others could be the same. */
const lookedAt = 8

/** A set of values by their content. Lists, objects and dates are compared with those that look like them. */
export class Distinct {
  readonly #plain = new Set<Value>()
  readonly #others = new Map<string, Value[]>()
  readonly #evaluation: Evaluation

  constructor(evaluation: Evaluation, values: readonly Value[] = []) {
    this.#evaluation = evaluation
    evaluation.spendItems(values.length)
    for (const value of values) this.add(value)
  }

  has(value: Value): boolean {
    if (typeof value !== 'object' || value === null) return this.#plain.has(value)
    return this.#isAmong(value, this.#others.get(looksOf(value)))
  }

  /** Adds a value. Whether it was new. */
  add(value: Value): boolean {
    if (typeof value !== 'object' || value === null) {
      const { size } = this.#plain
      return this.#plain.add(value).size > size
    }
    const looks = looksOf(value)
    const alike = this.#others.get(looks)
    if (alike === undefined) this.#others.set(looks, [value])
    else if (this.#isAmong(value, alike)) return false
    else alike.push(value)
    return true
  }

  #isAmong(value: Value, alike: readonly Value[] | undefined): boolean {
    this.#evaluation.spendItems(lookedAt + (alike?.length ?? 0))
    return alike?.some((other) => isSame(this.#evaluation, other, value)) === true
  }
}

/** A text that is the same for all values that are the same, whatever the order of their keys. */
function looksOf(value: object & Value): string {
  if (value instanceof DateValue) return `d${value.epochMs}`
  if (Array.isArray(value)) return `l${value.length} ${value.slice(0, lookedAt).map(glance).join()}`
  const keys = Object.keys(value).sort()
  return `o${keys.length} ${keys
    .slice(0, lookedAt)
    .map((key) => key.slice(0, 40) + glance(value[key]))
    .join()}`
}

function glance(value: Value): string {
  if (typeof value === 'string') return `"${value.length} ${value.slice(0, 80)}`
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[' : '{'
  return String(value)
}
