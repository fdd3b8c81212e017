import type { Json } from '../contract/json.ts'
import type { CompiledPart } from './compile/compile.ts'
import { ExpressionError } from './error.ts'
import { Evaluation, type ExpressionScope } from './evaluation.ts'
import type { Pieces } from './json-text.ts'
import { toJson, type ByteBudget } from './leave.ts'
import { Problem } from './problem.ts'
import { located } from './source.ts'
import { toText } from './text.ts'

/** Where in a template a text stands: keys and indexes from the outside in. */
export type Path = readonly (string | number)[]
/** What each expression may spend, or the evaluation that pays for all of them. */
export type Fuel = number | Evaluation
/** Evaluates what stands in one text. Throws `ExpressionError`. */
export type Fill = (scope: ExpressionScope, budget: ByteBudget, fuel: Fuel) => Json
export type TextFill = (...args: Parameters<Fill>) => string

/** A text that is one expression: the value it gives. */
export function fillWhole(part: CompiledPart, at: Path): Fill {
  return (scope, budget, fuel) => {
    try {
      return spending(scope, fuel, (evaluation) => toJson(part.evaluate(evaluation), budget))
    } catch (error) {
      throw placed(error, part, at)
    }
  }
}

/** A text that is filled in; `read` makes of what each expression gave what goes into it. */
export function fillText(pieces: Pieces, at: Path, read?: (text: string, part: CompiledPart) => string): TextFill {
  return (scope, budget, fuel) => {
    let text = ''
    for (const piece of pieces) {
      if (typeof piece === 'string') {
        text += piece
        continue
      }
      try {
        const written = spending(scope, fuel, (evaluation) => toText(piece.evaluate(evaluation), evaluation))
        toJson(written, budget)
        text += read === undefined ? written : read(written, piece)
      } catch (error) {
        throw placed(error, piece, at)
      }
    }
    return text
  }
}

/** Evaluates with fuel of its own, or with what is left of the payer's. */
function spending<Result>(scope: ExpressionScope, fuel: Fuel, work: (evaluation: Evaluation) => Result): Result {
  if (typeof fuel === 'number') return work(new Evaluation(scope, fuel))
  const evaluation = new Evaluation(scope, fuel.fuel)
  try {
    return work(evaluation)
  } finally {
    fuel.fuel = evaluation.fuel
  }
}

/** What was thrown, as an error that says where. */
export function placed(error: unknown, { source }: CompiledPart, at: Path): Error {
  const tooLarge = new Problem('expression.limit_exceeded', 'This expression makes something too large.')
  const found = located(source, { start: 0, end: source.length }, error instanceof RangeError ? tooLarge : error)
  return found instanceof ExpressionError ? found.within(at) : found
}
