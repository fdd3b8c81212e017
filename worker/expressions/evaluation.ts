import type { Json } from '../contract/json.ts'
import { limits } from './limits.ts'
import { Problem } from './problem.ts'
import { searchUnits } from './search.ts'
import type { Value } from './value.ts'

/**
 * What an expression can see: each own key is a root (`trigger`, `steps`, `vars`, `execution`, `workflow`, later more).
 * `now` is the instant of the evaluation in epoch milliseconds and is a date inside.
 */
export interface ExpressionScope {
  readonly [root: string]: Json | undefined
  readonly now: number
}

export interface EvaluateOptions {
  /** Work one expression may do; see `limits.fuel`. */
  fuel?: number
  /** Bytes of JSON the result may have; see `limits.outputBytes`. */
  outputBytes?: number
  /** A larger evaluation that this one is part of: its fuel is spent, and `fuel` is not looked at. */
  payer?: Evaluation
}

/** One evaluation of one expression: what it sees, what it may still spend, and the values of arrow parameters. */
export class Evaluation {
  readonly scope: ExpressionScope
  /** A parameter's place is fixed when it is compiled: an arrow cannot call itself, so one place is enough. */
  readonly slots: Value[] = []
  fuel: number

  constructor(scope: ExpressionScope, fuel: number) {
    this.scope = scope
    this.fuel = fuel
  }

  /** Pays for work. Throws when the fuel is used up. */
  spend(amount: number): void {
    this.fuel -= amount
    if (this.fuel < 0) {
      throw new Problem(
        'expression.limit_exceeded',
        'This expression does too much work. Work on fewer items, or split it over several steps.',
      )
    }
  }

  /** Pays for reading or making that many items. */
  spendItems(count: number): void {
    this.spend((count >> 2) + 1)
  }

  /** Pays for looking for a part in a text: what is found may be a yes or a number, which costs nothing by itself. */
  spendSearch(text: string, part: string): void {
    this.spend(searchUnits(text, part) + 1)
  }

  /** Pays for a text of that length before it is made. */
  spendText(length: number): void {
    if (length > limits.textLength) {
      throw new Problem(
        'expression.limit_exceeded',
        `This makes a text of ${length} characters; at most ${limits.textLength} are allowed.`,
      )
    }
    this.spend((length >> 8) + 1)
  }
}

/** A compiled part of an expression. */
export type Evaluate = (evaluation: Evaluation) => Value
