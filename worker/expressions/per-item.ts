import { compilePart } from './compile/compile.ts'
import type { Mode } from './compile/compiler.ts'
import type { Evaluation } from './evaluation.ts'
import type { Lambda } from './functions/define.ts'
import { scanText } from './scan.ts'
import { located } from './source.ts'
import { toText } from './text.ts'

/** A text with expressions that is evaluated for one item after another, as the body of `(item, index) => …` is. */
export interface PerItem {
  /** The text as a function of its names, evaluated at the expense of one evaluation. It throws `ExpressionError`. */
  within(evaluation: Evaluation): Lambda
}

/**
 * Compiles an expression, written with or without braces, or a text with expressions in it. `names` stand for the
 * arguments of the function it becomes. `mode` says what may be missing: nothing (`required`), the last key (`maybe`,
 * for tests) or any part of a path (`forgiving`). Throws `ExpressionError`.
 */
export function compilePerItem(text: string, names: readonly string[], mode: Mode = 'required'): PerItem {
  const pieces = text.includes('{{') ? scanText(text, { names, mode }) : [compilePart(text, 0, '', { names, mode })]
  const parts = pieces.filter((piece) => typeof piece !== 'string')
  const [only] = parts
  const isWhole = parts.length === 1 && pieces.every((piece) => typeof piece !== 'string' || piece.trim() === '')

  return {
    within: (evaluation) => {
      const bind = (items: readonly Parameters<Lambda>[number][]): void => {
        for (let slot = 0; slot < names.length; slot++) evaluation.slots[slot] = items[slot]
      }
      if (isWhole && only !== undefined) {
        const { source, evaluate } = only
        return (...items) => {
          bind(items)
          try {
            return evaluate(evaluation)
          } catch (error) {
            throw located(source, { start: 0, end: source.length }, error)
          }
        }
      }
      return (...items) => {
        bind(items)
        let written = ''
        for (const piece of pieces) {
          if (typeof piece === 'string') {
            written += piece
            continue
          }
          try {
            written += toText(piece.evaluate(evaluation), evaluation)
            evaluation.spendText(written.length)
          } catch (error) {
            throw located(piece.source, { start: 0, end: piece.source.length }, error)
          }
        }
        return written
      }
    },
  }
}
