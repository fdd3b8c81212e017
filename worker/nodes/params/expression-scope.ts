import { contactAtStart } from '../../contacts/contact-at-start.ts'
import type { Scope } from '../../engine/behaviour.ts'
import type { ExpressionScope } from '../../expressions/index.ts'

/** The engine's scope as expressions see it: every root of it, and the contact that the trigger is about, as it was then. */
export function expressionScope(scope: Scope): ExpressionScope {
  return {
    contact: null,
    ...scope,
    organization: scope.organization.vars,
    contactAtStart: contactAtStart(scope.trigger),
  }
}
