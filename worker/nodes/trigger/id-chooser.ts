import type { Json } from '../../contract/json.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
import { parseFieldPath, readPath } from '../../expressions/conditions/field-path.ts'
import { compileTemplate, ExpressionError, type ExpressionScope } from '../../expressions/index.ts'

/**
 * Finds the provider's own id of an event where a webhook's `dedupeBy` says it is: a path (`trigger.body.id`; `trigger.`
 * may be left out) or an expression. Undefined when nothing is said. What is found gives undefined where the id is
 * missing or is no text or number: the event is then told by what else it has.
 */
export function idChooser(dedupeBy: string | undefined): ((trigger: WebhookTrigger) => string | undefined) | undefined {
  if (dedupeBy === undefined || dedupeBy.trim() === '') return undefined
  const read = readerOf(dedupeBy.trim())
  return (trigger) => {
    // Plain data that came from JSON; only its type has no index.
    const id = read({ trigger: { ...trigger }, now: 0 })
    return (typeof id === 'string' && id !== '') || typeof id === 'number' ? String(id) : undefined
  }
}

function readerOf(field: string): (scope: ExpressionScope) => Json | undefined {
  try {
    return reader(field)
  } catch (error) {
    // Publishing refuses it; should one get here all the same, the hook stays open.
    if (error instanceof ExpressionError) return () => undefined
    throw error
  }
}

function reader(field: string): (scope: ExpressionScope) => Json | undefined {
  if (!field.includes('{{')) {
    const { path } = parseFieldPath(/^trigger(?:[.[]|$)/.test(field) ? field : `trigger.${field}`)
    return (scope) => readPath(scope, path)
  }
  const template = compileTemplate(field)
  return (scope) => {
    try {
      return template.evaluate(scope)
    } catch (error) {
      if (error instanceof ExpressionError) return undefined
      throw error
    }
  }
}
