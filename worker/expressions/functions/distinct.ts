import { isSame } from '../operators.ts'
import type { Evaluation } from '../evaluation.ts'
import type { Value } from '../value.ts'

/** A set of values by their content: plain values by hash, lists, objects and dates by comparing them one by one. */
export class Distinct {
  readonly #plain = new Set<Value>()
  readonly #others: Value[] = []
  readonly #evaluation: Evaluation

  constructor(evaluation: Evaluation, values: readonly Value[] = []) {
    this.#evaluation = evaluation
    evaluation.spendItems(values.length)
    for (const value of values) this.add(value)
  }

  has(value: Value): boolean {
    if (typeof value !== 'object' || value === null) return this.#plain.has(value)
    this.#evaluation.spendItems(this.#others.length)
    return this.#others.some((other) => isSame(this.#evaluation, other, value))
  }

  /** Adds a value. Whether it was new. */
  add(value: Value): boolean {
    if (this.has(value)) return false
    if (typeof value !== 'object' || value === null) this.#plain.add(value)
    else this.#others.push(value)
    return true
  }
}
