import { describe, expect, test } from 'vitest'
import { Graph, type GraphSettings } from '../../worker/contract/graph.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'

function problems(settings: GraphSettings, respond = 'immediately') {
  const graph = Graph.parse({
    version: 1,
    nodes: [
      { id: 'hook', type: 'trigger.webhook', name: 'Hook', params: { respond }, position: { x: 0, y: 0 } },
      { id: 'end', type: 'flow.end', name: 'End', params: {}, position: { x: 0, y: 0 } },
    ],
    edges: [{ id: '1', source: 'hook', sourcePort: 'out', target: 'end' }],
    settings,
  })
  return validateGraph(graph)
    .filter(({ path }) => path.startsWith('settings'))
    .map(({ severity, code, path }) => `${severity} ${code} ${path}`)
}

describe('what is wrong with how many executions go on', () => {
  test('says nothing about what is right', () => {
    const key = '{{ trigger.body.customer }}'
    expect(
      problems({
        concurrency: { key, limit: 2, policy: 'replace' },
        debounce: { key, forMs: 1_000, maxWaitMs: 1_000 },
        throttle: { key: 'all', limit: 1, perMs: 1_000 },
      }),
    ).toEqual([])
  })

  test('finds mistakes in keys, and names that an event does not have', () => {
    expect(
      problems({ concurrency: { key: '{{ trigger. }}' }, throttle: { key: '{{ steps.a }}', limit: 1, perMs: 1_000 } }),
    ).toEqual([
      'error expression.unknown_name settings.throttle.key',
      'error expression.syntax settings.concurrency.key',
    ])
  })

  test('finds a longest wait that is shorter than the wait, and senders that would wait for others', () => {
    const debounce = { forMs: 5_000, maxWaitMs: 1_000 }
    expect(problems({ debounce })).toEqual(['error debounce.max_wait settings.debounce.maxWaitMs'])
    expect(problems({ debounce: { forMs: 5_000 } }, 'finished')).toEqual([
      'warning debounce.sender_waits settings.debounce',
    ])
  })
})
