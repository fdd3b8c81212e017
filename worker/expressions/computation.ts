// computation
//
// The functions and methods of the expression language, called by code and not written in an expression: what a form
// computes and what an expression computes is the same thing.
//
// Invariants:
//
//   K1. One computation has one budget of work and one of output, whatever is called in it and however often.
//   K2. Nothing but `ExpressionError` is thrown for what data or people did.

import type { Json } from '../contract/json.ts'
import type { Conditions } from './conditions/compile-conditions.ts'
import { DateValue } from './dates/date-value.ts'
import { ExpressionError } from './error.ts'
import { Evaluation, type EvaluateOptions, type ExpressionScope } from './evaluation.ts'
import type { Argument, Definition, Lambda } from './functions/define.ts'
import { findFunction, findMethods, methodFor } from './functions/registry.ts'
import { toJson } from './leave.ts'
import { limits } from './limits.ts'
import { add, calculate, operand, type Arithmetic } from './operators.ts'
import type { PerItem } from './per-item.ts'
import { Problem } from './problem.ts'
import { errorAt, located } from './source.ts'
import type { Template } from './template.ts'
import { describeKind, kindOf, type Value } from './value.ts'

/** Calls functions and methods on behalf of code, within one budget (K1, K2). */
export class Computation {
  readonly #scope: ExpressionScope
  readonly #evaluation: Evaluation
  readonly #outputBytes: number

  constructor(scope: ExpressionScope, { fuel = limits.fuel, outputBytes = limits.outputBytes }: EvaluateOptions = {}) {
    this.#scope = scope
    this.#evaluation = new Evaluation(scope, fuel)
    this.#outputBytes = outputBytes
  }

  /** The instant of the computation, as `now` in an expression. */
  get now(): Value {
    return new DateValue(this.#scope.now)
  }

  /** A method of a value: `value.name(…)`. */
  method(value: Value, name: string, ...args: Argument[]): Value {
    const named = findMethods(name)
    const definition = named === undefined ? undefined : methodFor(named, kindOf(value))
    return this.#guarded(`.${name}(…)`, () => {
      if (definition === undefined) {
        const owners = [...(named?.keys() ?? [])].join(' or ')
        throw new Problem('expression.type', `“${name}” is for ${owners}, and this is ${describeKind(value)}.`)
      }
      return this.#called(definition, value, args)
    })
  }

  /** A function: `name(…)`. */
  call(name: string, ...args: Argument[]): Value {
    const definition = findFunction(name)
    return this.#guarded(`${name}(…)`, () => {
      if (definition === undefined) throw new Problem('expression.unknown_name', `There is no function “${name}”.`)
      return this.#called(definition, undefined, args)
    })
  }

  /** `left operator right` of two numbers, or texts that write them. */
  calculate(operator: '+' | Arithmetic, left: Value, right: Value): number {
    return this.#guarded(operator, () => {
      const [a, b] = [operand(operator, left), operand(operator, right)]
      const result = operator === '+' ? add(this.#evaluation, a, b) : calculate(operator, a, b)
      return operand(operator, result)
    })
  }

  /** A text that is evaluated per item, as a function for methods that take one. Its errors say which item it was. */
  each(perItem: PerItem): Lambda {
    const evaluate = perItem.within(this.#evaluation)
    return (...items) => {
      try {
        return evaluate(...items)
      } catch (error) {
        throw atItem(error, items)
      }
    }
  }

  /** Conditions about `item` and `index`, as a function for methods that take a test. */
  test(conditions: Conditions): Lambda {
    return this.#perScope((scope) => conditions.evaluate(scope, { payer: this.#evaluation }).result)
  }

  /** A template about `item` and `index`, as a function for methods that take one. */
  fill(template: Template): Lambda {
    return this.#perScope((scope) => template.evaluate(scope, { payer: this.#evaluation }))
  }

  /** What is evaluated in a scope of its own sees an item there, as JSON. */
  #perScope(evaluate: (scope: ExpressionScope) => Value): Lambda {
    const scope: Record<string, Json | undefined> & { now: number } = { ...this.#scope }
    return (item, index) => {
      scope['item'] = toJson(item, { left: Number.POSITIVE_INFINITY })
      scope['index'] = typeof index === 'number' ? index : null
      this.#evaluation.spend(1)
      try {
        return evaluate(scope)
      } catch (error) {
        throw atItem(error, [item, index])
      }
    }
  }

  /** Pays for work that is done outside of it, in the units of `limits.fuel`. */
  spend(amount: number): void {
    this.#guarded('', () => this.#evaluation.spend(amount))
  }

  /** The result as JSON, dates as ISO text. What is missing is null. */
  result(value: Value): Json {
    return this.#guarded('', () => toJson(value, { left: this.#outputBytes }))
  }

  #called(definition: Definition, receiver: Value, args: readonly Argument[]): Value {
    this.#evaluation.spend(1)
    return definition.call(this.#evaluation, receiver, args)
  }

  #guarded<Result>(called: string, work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      const source = { text: called, offset: 0, length: called.length }
      const span = { start: 0, end: called.length }
      if (error instanceof RangeError) {
        throw errorAt(source, span, 'expression.limit_exceeded', 'This makes something too large.')
      }
      throw located(source, span, error)
    }
  }
}

/** An error of one item's expression, with its place in the list for people, who count from 1. */
function atItem(error: unknown, [, index]: readonly Value[]): unknown {
  if (!(error instanceof ExpressionError) || typeof index !== 'number') return error
  return new ExpressionError({ ...error.data, message: `${error.message} It is item ${index + 1} of the list.` })
}
