import type { AnyNode, ArrowFunctionExpression, Expression } from 'acorn'
import type { ExpressionError } from '../error.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import type { Lambda } from '../functions/define.ts'
import type { Source, Span } from '../source.ts'

/**
 * What may be missing where a value is used.
 *
 * - `required`: a missing path is an error that names it
 * - `maybe`: the last key may be missing (a test, a comparison); what leads to it may not, as in JavaScript
 * - `forgiving`: any part of the path may be missing (left of `??`, arguments of functions that ask)
 */
export type Mode = 'required' | 'maybe' | 'forgiving'

/** A path of the scope that the expression reads, as far as it is written out. */
export interface Read {
  path: (string | number)[]
  /** Whether a computed key follows, so that any part below may be read. */
  open: boolean
  /** Whether it may be missing: the expression says what happens then. */
  mode: Mode
  spans: Span[]
}

/** What the compiling functions of single constructs ask of the whole. */
export interface Compiler {
  readonly source: Source
  readonly reads: Read[]
  /** Compiles a part. Counts it and its depth. */
  compile(node: Expression, mode: Mode): Evaluate
  /** Compiles the left side of a chain of operators, which is no level of its own. */
  compileLeft(node: Expression, mode: Mode): Evaluate
  compileArrow(node: ArrowFunctionExpression, bodyMode: Mode): (evaluation: Evaluation) => Lambda
  /** Counts parts that are compiled without `compile`. */
  count(node: Span, amount: number): void
  /** The place of an arrow parameter, or undefined for a name that is none. */
  slotOf(name: string): number | undefined
  refuse(node: AnyNode): ExpressionError
}
