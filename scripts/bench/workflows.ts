import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import { graph, node } from '../client/draw.ts'

/** Five pure steps as people draw them: values, a condition, text, a reshaped object, an end. */
const five: GraphNode[] = [
  node('score', 'data.set', { fields: [{ name: 'points', value: '{{ trigger.body.total * 2 }}' }] }),
  node('check', 'flow.if', {
    conditions: { operator: 'AND', conditions: [{ field: 'steps.score.points', operator: '>', value: 10 }] },
  }),
  node('label', 'data.set', {
    fields: [{ name: 'label', value: 'total {{ steps.score.points }} for {{ trigger.body.name }}' }],
  }),
  node('shape', 'data.transform', {
    mode: 'expression',
    expression: '({ id: trigger.body.id, label: steps.label.label })',
  }),
  node('done', 'flow.end', { output: '{{ steps.shape }}' }),
]

/** A webhook, then five pure steps. */
export function pureWorkflow(respond: 'immediately' | 'finished'): Graph {
  return graph([node('hook', 'trigger.webhook', { respond }), ...five], 'hook>score>check:true>label>shape>done')
}

/**
 * A webhook, then one call to the outside. With `once` the call may not be repeated should it be lost, so that the execution
 * has an object of its own before it calls.
 */
export function callingWorkflow(url: string, { once = false } = {}): Graph {
  const params = { method: 'POST', url, bodyType: 'json', json: { id: '{{ trigger.body.id }}' } }
  const call = node('call', 'http.request', params, once ? { onAmbiguous: 'fail' } : undefined)
  return graph([node('hook', 'trigger.webhook', { respond: 'finished' }), call], 'hook>call')
}
