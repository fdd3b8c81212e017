import { describe, expect, test } from 'vitest'
import type { Execution, Step } from '#contract/execution.ts'
import { nodeTypeLookup } from '../../../web/src/lib/builder/model/ports.ts'
import { sampleRoots, sampleScope } from '../../../web/src/lib/builder/model/sample-scope.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { makeGraph } from './support.ts'

//  hook ─► ask ─► check ─┬ true ─► here
//                        └ false ─► aside
const graph = {
  ...makeGraph('hook.out > ask, ask.out > check, check.true > here, check.false > aside', {
    hook: { type: 'trigger.webhook', name: 'Order' },
    check: { type: 'flow.if' },
    here: { type: 'data.transform' },
  }),
  variables: { rate: 2 },
}
const lookup = nodeTypeLookup(describeNodeTypes())
const args = { graph, lookup, nodeId: 'here', workflowName: 'Orders', execution: undefined }

const step = (nodeId: string, output: Step['output']): Step => {
  return {
    path: nodeId,
    nodeId,
    status: 'completed',
    attempt: 1,
    startedAt: '2026-01-01T00:00:00.000Z',
    output: output ?? null,
  }
}
const execution = {
  id: 'exe_1',
  triggerData: { body: { id: 7 } },
  steps: [step('hook', {}), step('ask', { status: 201 })],
} as unknown as Execution

describe('what an expression can read', () => {
  test('is the trigger and what comes before, nearest first, never what lies aside', () => {
    expect(sampleRoots(args).map(({ path, source }) => `${path} (${source})`)).toEqual([
      'trigger (example)',
      'steps.check (example)',
      'steps.ask (example)',
      'vars (example)',
      'execution (example)',
      'workflow (example)',
    ])
  })

  test('has the values of the last execution where there are any', () => {
    const roots = sampleRoots({ ...args, execution })
    expect(roots.slice(0, 3).map(({ path, source }) => `${path} (${source})`)).toEqual([
      'trigger (execution)',
      'steps.check (example)',
      'steps.ask (execution)',
    ])
    expect(sampleScope({ ...args, execution })).toMatchObject({
      trigger: { body: { id: 7 } },
      steps: { ask: { status: 201 }, check: { result: true } },
      vars: { rate: 2 },
      workflow: { name: 'Orders' },
    })
  })

  test('a step whose type gives no example is there, without a value', () => {
    const later = makeGraph('hook > list, list > here', {
      hook: { type: 'trigger.webhook' },
      list: { type: 'data.transform' },
    })
    const roots = sampleRoots({ ...args, graph: later })
    expect(roots[1]).toMatchObject({ path: 'steps.list', source: 'none', value: undefined })
    expect(sampleScope({ ...args, graph: later }).steps).toEqual({})
  })

  test('a manual trigger’s own example is its data', () => {
    const manual = makeGraph('start > here', { start: { type: 'trigger.manual', params: { sample: { n: 1 } } } })
    expect(sampleScope({ ...args, graph: manual }).trigger).toEqual({ type: 'manual', data: { n: 1 } })
  })
})
