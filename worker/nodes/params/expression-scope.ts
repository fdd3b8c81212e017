import type { Scope } from '../../engine/behaviour.ts'
import type { ExpressionScope } from '../../expressions/index.ts'

/** The engine's scope as expressions see it: every root of it, and nothing else. */
export function expressionScope(scope: Scope): ExpressionScope {
  return { ...scope }
}
