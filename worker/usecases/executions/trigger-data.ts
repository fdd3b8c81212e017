import type { GraphNode } from '../../contract/graph.ts'
import type { Json } from '../../contract/json.ts'
import { EventInput, WebhookInput } from '../../contract/trigger.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { valueAt } from '../../lib/value-at.ts'
import { describeIssue } from '../../contract/describe-issue.ts'
import { toJson } from '../../lib/to-json.ts'

/**
 * What an execution reads as `trigger` when a person or a program starts it at this node: `input` in the shape that
 * the node's own trigger has, with the rest filled in. Throws `request.invalid`, naming the path.
 */
export function triggerData(node: GraphNode, input: Json | undefined, at: Date): Json {
  switch (node.type) {
    case 'trigger.webhook':
      return toJson({
        type: 'webhook',
        method: 'POST',
        headers: {},
        query: {},
        body: null,
        ...parse(WebhookInput, input),
      })
    case 'trigger.event': {
      const { eventType } = node.params
      const type = typeof eventType === 'string' ? eventType : ''
      return toJson({ type, data: null, id: '', occurredAt: at.toISOString(), ...parse(EventInput, input) })
    }
    default:
      return { type: 'manual', data: input ?? {} }
  }
}

function parse(shape: typeof WebhookInput | typeof EventInput, input: Json | undefined): object {
  const result = shape.safeParse(input ?? {})
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => ({
    path: ['input', ...issue.path].join('.'),
    message: describeIssue(issue, valueAt(input, issue.path)),
  }))
  throw invalidRequest(problems)
}
