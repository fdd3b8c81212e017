import { describe, expect, test } from 'vitest'
import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import { defaultRetry } from '../../worker/contract/effective-retry.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import type { Plan } from '../../worker/engine/plan.ts'

const workflow = { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Planned', version: 3 }
const node = (id: string, settings?: GraphNode['settings']): GraphNode => ({
  id,
  type: 'test.node',
  name: id,
  position: { x: 0, y: 0 },
  params: {},
  ...(settings && { settings }),
})
const edge = (source: string, sourcePort: string, target: string) => ({
  id: `${source}:${sourcePort}>${target}`,
  source,
  sourcePort,
  target,
})

function compile(graph: Partial<Graph>): Plan {
  return compilePlan({
    graph: { version: 1, nodes: [], edges: [], ...graph },
    workflow,
    compileNode: ({ id }) => ({
      isTrigger: id.startsWith('start'),
      firstPort: 'out',
      behaviour: { kind: 'pure', evaluate: () => ({ output: null, port: 'out' }) },
    }),
  })
}

describe('a plan', () => {
  test('has the defaults where nobody says otherwise', () => {
    const plan = compile({ nodes: [node('start'), node('a')] })
    expect(plan).toMatchObject({
      workflow,
      triggers: ['start'],
      activeTimeoutMs: 3_600_000,
      maxSteps: 10_000,
      maxIterations: 1_000,
    })
    expect(plan.nodes.get('a')).toMatchObject({
      onError: 'stop',
      onAmbiguous: 'retry',
      timeoutMs: 30_000,
      stepTimeoutMs: 600_000,
      disabled: false,
      retry: {
        maxRetries: 3,
        backoff: 'exponential',
        delayMs: 1_000,
        factor: 2,
        maxDelayMs: 30_000,
        jitter: 'additive',
      },
    })
  })

  test('takes what the node says before what the graph says before the defaults', () => {
    const plan = compile({
      nodes: [node('a'), node('b', { onError: 'branch', retry: { maxRetries: 0 }, timeoutMs: 5_000 })],
      settings: { onError: 'continue', retry: { maxRetries: 9, backoff: 'linear' }, activeTimeoutMs: 60_000 },
    })
    expect(plan.activeTimeoutMs).toBe(60_000)
    expect(plan.nodes.get('a')).toMatchObject({
      onError: 'continue',
      retry: { ...defaultRetry, maxRetries: 9, backoff: 'linear' },
    })
    expect(plan.nodes.get('b')).toMatchObject({
      onError: 'branch',
      timeoutMs: 5_000,
      retry: { ...defaultRetry, maxRetries: 0, backoff: 'linear' },
    })
  })

  test('knows the targets of each port in the order they were drawn', () => {
    const plan = compile({
      nodes: [node('start'), node('a'), node('b')],
      edges: [edge('start', 'out', 'b'), edge('start', 'out', 'a'), edge('start', 'no', 'a')],
    })
    expect(plan.nodes.get('start')!.next).toEqual(
      new Map([
        ['out', ['b', 'a']],
        ['no', ['a']],
      ]),
    )
    expect(plan.nodes.get('a')!.next.size).toBe(0)
  })

  test('leaves out edges to nowhere and edges drawn twice', () => {
    const plan = compile({
      nodes: [node('start'), node('a')],
      edges: [
        edge('start', 'out', 'a'),
        edge('start', 'out', 'a'),
        edge('start', 'out', 'gone'),
        edge('gone', 'out', 'a'),
      ],
    })
    expect(plan.nodes.get('start')!.next).toEqual(new Map([['out', ['a']]]))
  })

  test('never disables a trigger', () => {
    expect(compile({ nodes: [node('start', { disabled: true })] }).nodes.get('start')!.disabled).toBe(false)
  })
})
