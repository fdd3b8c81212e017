import { describe, expect, test } from 'vitest'
import type { Json } from '#contract/json.ts'
import type { TestRequest, TestResult, TestStep } from '#contract/workflow-test.ts'
import { exampleInput, inputFrom, Payloads, triggerFrom } from '../../../web/src/lib/builder/testing/payloads.svelte.ts'
import { givenData } from '../../../web/src/lib/builder/testing/given-data.ts'
import { problemsIn } from '../../../web/src/lib/builder/testing/problems-in.ts'
import { readInput } from '../../../web/src/lib/builder/testing/start-test.ts'
import { readPlans, type StepPlans, toRequest, writePlans } from '../../../web/src/lib/builder/testing/step-plan.ts'
import { Tester, type TesterPorts } from '../../../web/src/lib/builder/testing/tester.svelte.ts'
import { TestSetup } from '../../../web/src/lib/builder/testing/test-setup.svelte.ts'
import { makeGraph, makeNode, makeNodeType, makeStore } from './support.ts'

const step = (nodeId: string, part: Partial<TestStep> = {}): TestStep => {
  return { path: nodeId, nodeId, status: 'completed', attempt: 1, startedAt: '2026-01-01T00:00:00.000Z', ...part }
}

function shown(status: TestResult['status'], steps: TestResult['steps']): TestResult {
  return { status, steps, graph: makeGraph('a > b'), calls: { real: 0, pretend: 0 } } as unknown as TestResult
}

/** A tester whose server answers as told, and the story of what was asked. */
function makeTester(part: Partial<TesterPorts> = {}) {
  const asked: Partial<TestRequest>[] = []
  const tester = new Tester({
    saveDraft: async () => true,
    test: async (request) => {
      asked.push(request)
      return shown('completed', [step('a', { port: 'next' }), step('b')])
    },
    ...part,
  })
  return { tester, asked }
}

describe('a test', () => {
  test('asks for what was set up, and shows what came of it', async () => {
    const { tester, asked } = makeTester()
    const steps = { b: { output: 7 } }
    await tester.run({ input: { n: 1 }, trigger: 'a', steps, realSteps: [] })
    expect(asked).toEqual([{ input: { n: 1 }, trigger: 'a', steps, realSteps: [], journal: false }])
    expect([tester.state.status, tester.isBusy]).toEqual(['ended', false])
    expect(tester.marks?.get('a')?.status).toBe('completed')
    expect(tester.traffic?.get('a.next-b')).toEqual({ count: 1, moving: false })
    expect(tester.stepOf('b')?.path).toBe('b')
  })

  test('runs what is on the screen or not at all', async () => {
    const { tester, asked } = makeTester({ saveDraft: async () => false })
    await tester.run({})
    expect([tester.state.status, asked]).toEqual(['failedToStart', []])
  })

  test('that the server refuses says why', async () => {
    const problem = { severity: 'error', code: 'x', message: 'Choose one.', path: 'nodes.0', nodeId: 'a' }
    const details: Json = { problems: [problem] }
    const refuse = async (): Promise<never> => {
      throw Object.assign(new Error('The workflow has problems.'), { details })
    }
    const { tester } = makeTester({ test: refuse })
    await tester.run({})
    expect(tester.state).toEqual({ status: 'failedToStart', reason: 'The workflow has problems.', details })
    expect(problemsIn(details)).toEqual([problem])
    expect(problemsIn({ problems: 'many' })).toEqual([])
  })

  test('that was cleared while it ran does not come back', async () => {
    let answer: (value: TestResult) => void = () => {}
    const { tester } = makeTester({ test: () => new Promise((resolve) => (answer = resolve)) })
    const run = tester.run({})
    await Promise.resolve()
    tester.clear()
    answer(shown('completed', [step('a')]))
    await run
    expect([tester.state.status, tester.shown]).toEqual(['idle', undefined])
  })

  test('is one at a time', async () => {
    let answer: (value: TestResult) => void = () => {}
    let asked = 0
    const { tester } = makeTester({
      test: () => {
        asked += 1
        return new Promise((resolve) => (answer = resolve))
      },
    })
    const first = tester.run({})
    await Promise.resolve()
    await tester.run({})
    answer(shown('failed', []))
    await first
    expect([asked, tester.shown?.status]).toEqual([1, 'failed'])
  })
})

describe('what steps are to do in tests', () => {
  test('is what the request says of them; steps that are gone are left out', () => {
    const plans: StepPlans = {
      mail: { mode: 'given', text: '{ "ok": true }' },
      pay: { mode: 'real' },
      ask: { mode: 'fails', times: 2 },
      never: { mode: 'fails' },
      gone: { mode: 'real' },
    }
    const request = toRequest(plans, ['mail', 'pay', 'ask', 'never', 'other'])
    expect(request).toMatchObject({
      steps: { mail: { output: { ok: true } }, ask: { failTimes: 2 }, never: { failure: { kind: 'retryable' } } },
      realSteps: ['pay'],
    })
    expect('steps' in request && request.steps?.['never']).not.toHaveProperty('failTimes')
  })

  test('has to be JSON where it is an output', () => {
    expect(toRequest({ mail: { mode: 'given', text: '{ half' } }, ['mail'])).toEqual({ unreadable: 'mail' })
  })

  test('is kept on this device, but for real calls, which are decided anew', () => {
    const plans: StepPlans = {
      a: { mode: 'given', text: '{ half' },
      b: { mode: 'real' },
      c: { mode: 'fails', times: 1 },
    }
    expect(readPlans(writePlans(plans))).toEqual({ a: plans['a'], c: plans['c'] })
    for (const text of [undefined, '', '7', '[]', '{"a":1,"b":{"mode":"real"},"c":{"mode":"given","text":7}}']) {
      expect(readPlans(text)).toEqual({})
    }
  })

  test('changes step by step', () => {
    const store = makeStore()
    const setup = new TestSetup(store, 'wf_1')
    setup.set('mail', { mode: 'given', text: '1' })
    setup.set('pay', { mode: 'real' })
    setup.set('mail', { mode: 'given', text: '2' })
    expect([[...setup.pinned], setup.planOf('pay')]).toEqual([['mail'], { mode: 'real' }])
    expect(new TestSetup(store, 'wf_1').plans).toEqual({ mail: { mode: 'given', text: '2' } })
    expect(new TestSetup(store, 'wf_2').plans).toEqual({})
    setup.set('mail', undefined)
    expect(setup.planOf('mail')).toBeUndefined()
    expect(setup.planOf('toString')).toBeUndefined()
  })
})

describe('what it is started with', () => {
  const webhook = makeNodeType({
    type: 'trigger.webhook',
    title: 'Webhook',
    isTrigger: true,
    sampleOutput: { type: 'webhook', method: 'POST', body: { id: 1 } },
  })

  test('is the example of the trigger, without what the server says itself', () => {
    expect(exampleInput(makeNode('hook', { type: 'trigger.webhook' }), webhook)).toEqual({
      method: 'POST',
      body: { id: 1 },
    })
    expect(exampleInput(makeNode('go', { type: 'trigger.manual', params: { sample: [1] } }), undefined)).toEqual([1])
    expect(exampleInput(makeNode('go', { type: 'trigger.manual' }), undefined)).toEqual({})
  })

  test('is what was used last, for each workflow and trigger', () => {
    const store = makeStore()
    const hook = makeNode('hook', { type: 'trigger.webhook' })
    new Payloads(store, 'wf_1').keep('hook', '{ half')
    expect(new Payloads(store, 'wf_1').of(hook, webhook)).toBe('{ half')
    expect(new Payloads(store, 'wf_2').of(hook, webhook)).toContain('"POST"')
    new Payloads(store, 'wf_1').forget('hook')
    expect(new Payloads(store, 'wf_1').kept('hook')).toBeUndefined()
    expect(new Payloads(store, 'wf_1').of(hook, webhook)).toContain('"POST"')
  })

  test.each([
    ['trigger.webhook', { type: 'webhook', method: 'PUT', headers: { a: 'b' }, query: {}, body: { id: 7 } }],
    ['trigger.event', { type: 'order.paid', data: { id: 7 }, id: 'e1', occurredAt: '2026-01-01T00:00:00.000Z' }],
    ['trigger.manual', { type: 'manual', data: [7] }],
  ])('of %s is taken from what an execution read, and read as that again', (type, read) => {
    const trigger = makeNode('start', { type })
    expect(triggerFrom(trigger, inputFrom(trigger, read))).toEqual(read)
  })

  test('fills in what a sender leaves out', () => {
    const hook = makeNode('hook', { type: 'trigger.webhook' })
    expect(triggerFrom(hook, { body: 7 })).toEqual({ type: 'webhook', method: 'POST', headers: {}, query: {}, body: 7 })
    expect(triggerFrom(hook, 'nonsense')).toMatchObject({ method: 'POST', body: null })
  })

  test('is what previews show, and pinned outputs with it; what is half typed is passed over', () => {
    const store = makeStore()
    const payloads = new Payloads(store, 'wf_1')
    const setup = new TestSetup(store, 'wf_1')
    const { triggerOf, outputOf } = givenData(payloads, setup)
    const hook = makeNode('hook', { type: 'trigger.webhook' })
    expect([triggerOf(hook), outputOf('ask')]).toEqual([undefined, undefined])

    payloads.keep('hook', '{ "body": { "score": 81 } }')
    setup.set('ask', { mode: 'given', text: '{ "status": 404 }' })
    expect(triggerOf(hook)).toMatchObject({ body: { score: 81 } })
    expect(outputOf('ask')).toEqual({ status: 404 })

    payloads.keep('hook', '{ "body"')
    setup.set('ask', { mode: 'given', text: '{' })
    expect([triggerOf(hook), outputOf('ask')]).toEqual([undefined, undefined])
    setup.set('ask', { mode: 'fails' })
    expect(outputOf('ask')).toBeUndefined()
  })

  test('is JSON, or told to be none', () => {
    expect(readInput(' {"a": 1} ')).toEqual({ value: { a: 1 } })
    expect(readInput('')).toEqual({ value: {} })
    expect(readInput('{')).toHaveProperty('reason')
  })
})
