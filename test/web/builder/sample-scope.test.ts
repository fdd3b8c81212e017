import { describe, expect, test } from 'vitest'
import type { Execution, Step } from '#contract/execution.ts'
import { nodeTypeLookup } from '../../../web/src/lib/graph/model/ports.ts'
import { foresee, sampleOf } from '../../../web/src/lib/builder/expression/language.ts'
import { outsideOf } from '../../../web/src/lib/builder/model/outside.ts'
import { readsExamples, samplesFor } from '../../../web/src/lib/builder/model/sample-scope.ts'
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
    expect(samplesFor(args).roots.map(({ path, source }) => `${path} (${source})`)).toEqual([
      'trigger (example)',
      'steps.check (example)',
      'steps.ask (example)',
      'vars (example)',
      'execution (example)',
      'workflow (example)',
    ])
  })

  test('has what the person set up for tests before anything ran: data to begin with, and pinned outputs', () => {
    const given = {
      triggerOf: ({ id }: { id: string }) => (id === 'hook' ? { body: { score: 81 } } : undefined),
      outputOf: (id: string) => (id === 'ask' ? { status: 404 } : undefined),
    }
    const sources = (samples: ReturnType<typeof samplesFor>) =>
      samples.roots.slice(0, 3).map(({ path, source }) => `${path} (${source})`)

    const before = samplesFor({ ...args, given })
    expect(sources(before)).toEqual(['trigger (given)', 'steps.check (example)', 'steps.ask (given)'])
    expect(before.scope).toMatchObject({ trigger: { body: { score: 81 } }, steps: { ask: { status: 404 } } })

    const after = samplesFor({ ...args, given, execution })
    expect(sources(after)).toEqual(['trigger (execution)', 'steps.check (example)', 'steps.ask (given)'])
  })

  test.each([
    ['{{ steps.ask.body.score }}', true],
    ['{{ steps.asked.body }}', false],
    ['{{ trigger.steps.ask }}', false],
    ['{{ trigger.body.score }}', false],
    [{ to: ['{{ steps.ask.status }}'] }, true],
    ['{{ execution.id }}', false],
  ])('%j is partly made up: %s', (value, isMadeUp) => {
    const ran = { ...execution, steps: [step('hook', {})] }
    expect(readsExamples(value, samplesFor({ ...args, execution: ran }).roots)).toBe(isMadeUp)
  })

  test('has the values of the last execution where there are any', () => {
    const { roots, scope } = samplesFor({ ...args, execution })
    expect(roots.slice(0, 3).map(({ path, source }) => `${path} (${source})`)).toEqual([
      'trigger (execution)',
      'steps.check (example)',
      'steps.ask (execution)',
    ])
    expect(scope).toMatchObject({
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
    const { roots, scope } = samplesFor({ ...args, graph: later })
    expect(roots[1]).toMatchObject({ path: 'steps.list', source: 'none', value: undefined })
    expect(scope.steps).toEqual({})
  })

  test('a manual trigger’s own example is its data', () => {
    const manual = makeGraph('start > here', { start: { type: 'trigger.manual', params: { sample: { n: 1 } } } })
    expect(samplesFor({ ...args, graph: manual }).scope.trigger).toEqual({ type: 'manual', data: { n: 1 } })
  })

  test('steps that only compute are worked out from what is known, in the order they run', () => {
    const computing = makeGraph('hook.out > total, total.out > text, text.out > here, hook.out > text', {
      hook: { type: 'trigger.webhook' },
      text: { type: 'data.transform', params: { mode: 'expression', expression: '`sum ${steps.total.sum}`' } },
      total: { type: 'data.set', params: { fields: [{ name: 'sum', value: '{{ trigger.body.id + 1 }}' }] } },
    })
    const { scope } = samplesFor({ ...args, graph: computing, foresee })
    expect(scope.steps).toEqual({ total: { sum: 43 }, text: 'sum 43' })
    // What is computed from an example is one, and what is computed from the person's data is not.
    const given = { triggerOf: () => ({ body: { id: 1 } }), outputOf: () => undefined }
    const from = (data: typeof given | undefined) =>
      samplesFor({ ...args, graph: computing, foresee, given: data }).roots[1]?.source
    expect([from(undefined), from(given)]).toEqual(['example', 'computed'])
  })

  test('variables that a step sets are there after it', () => {
    const setting = makeGraph('hook.out > set, set.out > here', {
      hook: { type: 'trigger.webhook' },
      set: { type: 'data.set', params: { storeAs: 'variables', fields: [{ name: 'rate', value: 3 }] } },
    })
    expect(samplesFor({ ...args, graph: { ...setting, variables: { rate: 1, tax: 2 } }, foresee }).scope.vars).toEqual({
      rate: 3,
      tax: 2,
    })
  })

  test('one that cannot be worked out falls back to its type’s example', () => {
    const broken = makeGraph('hook.out > set, set.out > here', {
      hook: { type: 'trigger.webhook' },
      set: { type: 'data.set', params: { fields: [{ name: 'a', value: '{{ trigger.body.nowhere }}' }] } },
    })
    expect(samplesFor({ ...args, graph: broken, foresee }).scope.steps).toEqual({ set: { name: 'Ada' } })
  })
})

describe('what is not in the graph', () => {
  const outside = outsideOf({
    variables: [{ name: 'rate', value: 3 }],
    fields: [{ key: 'plan', type: 'select', options: ['free', 'team'] }],
    tags: ['vip', 'lead', 'old', 'new'],
  })

  test('is the contact with the fields and tags of the organization, and its variables', () => {
    const { roots, scope } = samplesFor({ ...args, outside })
    expect(scope.contact).toMatchObject({ tags: ['vip', 'lead', 'old'], custom: { plan: 'free' } })
    expect(scope.contactAtStart).toEqual(scope.contact)
    expect(scope.organization).toEqual({ rate: 3 })
    expect(roots.map(({ path }) => path)).toEqual(expect.arrayContaining(['contact', 'organization']))
  })

  test('the contact at the start is the one that the trigger brought along', () => {
    const contact = { id: 'con_1', name: 'Grace' }
    const ran = { ...execution, triggerData: { type: 'order.paid', data: {}, contact } }
    expect(samplesFor({ ...args, outside, execution: ran }).scope).toMatchObject({
      contact: { name: 'Ada Lovelace' },
      contactAtStart: contact,
    })
  })

  test('variables that are not known are not there, and the contact is an example', () => {
    const unknown = outsideOf({ variables: undefined, fields: [], tags: [] })
    const { roots, scope } = samplesFor({ ...args, outside: unknown })
    expect('organization' in scope).toBe(false)
    expect(roots.map(({ path }) => path)).not.toContain('organization')
    expect(scope.contact).toMatchObject({ tags: ['lead'], custom: {} })
  })
})

describe('a step that has failed', () => {
  //  hook ─► ask ─┬ out ───► goes ─► after
  //               └ error ─► here ─► after
  const failing = makeGraph('hook.out > ask, ask.out > goes, ask.error > here, goes.out > after, here.out > after', {
    hook: { type: 'trigger.manual' },
    ask: { type: 'http.request', settings: { onError: 'branch' } },
    goes: { type: 'data.transform' },
    here: { type: 'data.transform' },
    after: { type: 'data.transform' },
  })
  const ask = (nodeId: string, more: Partial<Parameters<typeof samplesFor>[0]> = {}) =>
    samplesFor({ ...args, graph: failing, nodeId, ...more }).scope.steps['ask']

  test('is read by its error on the way that only its failure leads, with what the other side said', () => {
    const error = { code: 'http.unexpected_status', details: { status: 422, body: { error: 'No such order.' } } }
    expect(ask('here')).toMatchObject({ error })
    expect(ask('goes')).toMatchObject({ status: 200 })
    expect(ask('after')).toMatchObject({ status: 200 })
  })

  test('is read as a test showed it, where that failed too', () => {
    const ran = (output: Step['output']) => ({ execution: { ...execution, steps: [step('ask', output)] } })
    expect(ask('here', ran({ error: { code: 'egress.unreachable' } }))).toEqual({
      error: { code: 'egress.unreachable' },
    })
    expect(ask('here', ran({ status: 200 }))).toMatchObject({ error: { code: 'http.unexpected_status' } })
    expect(ask('here', { given: { triggerOf: () => undefined, outputOf: () => ({ status: 200 }) } })).toHaveProperty(
      'error',
    )
  })
})

describe('the iteration that a step lies in', () => {
  //  hook ─► orders ─ body ─► lines ─ body ─► here
  //            └ done ─► after
  const looping = makeGraph('hook.out > orders, orders.body > lines, lines.body > here, orders.done > after', {
    hook: { type: 'trigger.manual', params: { sample: { orders: [{ lines: [{ sku: 'a' }, { sku: 'b' }] }] } } },
    orders: { type: 'flow.forEach', params: { items: 'trigger.data.orders' } },
    lines: { type: 'flow.forEach', params: { items: '{{ loop.item.lines }}' } },
    here: { type: 'data.transform' },
    after: { type: 'data.transform' },
  })
  const at = (nodeId: string) => samplesFor({ ...args, graph: looping, nodeId, sampleOf }).scope

  test('is the nearest, and its items may be made of those around it', () => {
    expect(at('here').loop).toMatchObject({ item: { sku: 'a' }, index: 0, total: 2, isFirst: true, isLast: false })
    expect(Object.keys(at('here').loops ?? {})).toEqual(['orders', 'lines'])
    expect(at('here').loops?.['orders']).toMatchObject({ total: 1, isLast: true })
  })

  test('of a loop’s own settings is the one around it, or else its own', () => {
    expect(at('lines').loop).toMatchObject({ total: 1 })
    expect(at('orders').loop).toMatchObject({ item: { lines: [{ sku: 'a' }, { sku: 'b' }] } })
  })

  test('is none after the loop', () => {
    expect(at('after').loop).toBeUndefined()
    expect(at('after').loops).toBeUndefined()
  })

  test('that counts begins where the loop does', () => {
    const counting = makeGraph('hook.out > count, count.body > here', {
      hook: { type: 'trigger.manual' },
      count: { type: 'flow.for', params: { from: 5, to: 9 } },
      here: { type: 'data.transform' },
    })
    expect(samplesFor({ ...args, graph: counting, sampleOf }).scope.loop).toMatchObject({ item: 5, index: 0 })
  })
})

test('how a called workflow ended is read only by the step that calls it', () => {
  const calling = makeGraph('hook.out > call, call.out > here', {
    hook: { type: 'trigger.manual' },
    call: { type: 'flow.call' },
    here: { type: 'data.transform' },
  })
  const child = (nodeId: string) => samplesFor({ ...args, graph: calling, nodeId }).scope.child
  expect([child('call'), child('here')]).toEqual([expect.objectContaining({ status: 'completed' }), undefined])
})
