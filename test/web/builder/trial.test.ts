import { describe, expect, test } from 'vitest'
import type { Execution, Step } from '#contract/execution.ts'
import type { Json } from '#contract/json.ts'
import { exampleInput, Payloads } from '../../../web/src/lib/builder/trial/payloads.ts'
import { problemsIn } from '../../../web/src/lib/builder/trial/problems-in.ts'
import { readInput } from '../../../web/src/lib/builder/trial/start-trial.ts'
import { Trial, type TrialPorts } from '../../../web/src/lib/builder/trial/trial.svelte.ts'
import { makeGraph, makeNode, makeNodeType } from './support.ts'

const step = (nodeId: string, part: Partial<Step> = {}): Step => {
  return { path: nodeId, nodeId, status: 'completed', attempt: 1, startedAt: '2026-01-01T00:00:00.000Z', ...part }
}

function execution(status: Execution['status'], steps: Step[]): Execution {
  return { id: 'exe_1', status, steps, graph: makeGraph('a > b') } as unknown as Execution
}

/** A trial whose server answers as told, and the story of what was asked. */
function makeTrial(part: Partial<TrialPorts> = {}) {
  const asked: string[] = []
  let tell: (next: Execution) => void = () => {}
  const trial = new Trial({
    saveDraft: async () => true,
    execute: async (input, triggerId) => {
      asked.push(`execute ${triggerId} ${JSON.stringify(input)}`)
      return { executionId: 'exe_1', execution: execution('completed', [step('a', { port: 'next' }), step('b')]) }
    },
    follow: (id, onchange) => {
      asked.push(`follow ${id}`)
      tell = onchange
      return () => void asked.push(`stop ${id}`)
    },
    ...part,
  })
  return { trial, asked, tell: (next: Execution) => tell(next) }
}

describe('a test run', () => {
  test('that ends in time is shown at once, and nobody follows it', async () => {
    const { trial, asked } = makeTrial()
    await trial.run({ n: 1 }, 'a')
    expect([trial.state.status, trial.isBusy, asked]).toEqual(['ended', false, ['execute a {"n":1}']])
    expect(trial.marks?.get('a')?.status).toBe('completed')
    expect(trial.traffic?.get('a.next-b')).toEqual({ count: 1, moving: false })
    expect(trial.stepOf('b')?.path).toBe('b')
  })

  test('that takes longer is followed to its end, and no further', async () => {
    const running = execution('running', [step('a', { status: 'running' })])
    const { trial, asked, tell } = makeTrial({ execute: async () => ({ executionId: 'exe_1', execution: running }) })
    await trial.run({}, 'a')
    expect([trial.state.status, trial.marks?.get('a')?.status]).toEqual(['running', 'running'])
    tell(execution('failed', [step('a', { status: 'failed' })]))
    expect([trial.state.status, asked]).toEqual(['ended', ['follow exe_1', 'stop exe_1']])
  })

  test('runs what is on the screen or not at all', async () => {
    const { trial, asked } = makeTrial({ saveDraft: async () => false })
    await trial.run({}, 'a')
    expect([trial.state.status, asked]).toEqual(['failedToStart', []])
  })

  test('that the server refuses says why', async () => {
    const problem = { severity: 'error', code: 'x', message: 'Choose one.', path: 'nodes.0', nodeId: 'a' }
    const details: Json = { problems: [problem] }
    const refuse = async (): Promise<never> => {
      throw Object.assign(new Error('The workflow has problems.'), { details })
    }
    const { trial } = makeTrial({ execute: refuse })
    await trial.run({}, 'a')
    expect(trial.state).toEqual({ status: 'failedToStart', reason: 'The workflow has problems.', details })
    expect(problemsIn(details)).toEqual([problem])
    expect(problemsIn({ problems: 'many' })).toEqual([])
  })

  test('that was cleared while it ran does not come back', async () => {
    let answer: (value: { executionId: string; execution: Execution }) => void = () => {}
    const { trial } = makeTrial({ execute: () => new Promise((resolve) => (answer = resolve)) })
    const run = trial.run({}, 'a')
    await Promise.resolve()
    trial.clear()
    answer({ executionId: 'exe_1', execution: execution('completed', [step('a')]) })
    await run
    expect([trial.state.status, trial.execution]).toEqual(['idle', undefined])
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
    const items = new Map<string, string>()
    const store = {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    }
    const hook = makeNode('hook', { type: 'trigger.webhook' })
    new Payloads(store, 'wf_1').keep('hook', '{ half')
    expect(new Payloads(store, 'wf_1').of(hook, webhook)).toBe('{ half')
    expect(new Payloads(store, 'wf_2').of(hook, webhook)).toContain('"POST"')
  })

  test('is JSON, or told to be none', () => {
    expect(readInput(' {"a": 1} ')).toEqual({ value: { a: 1 } })
    expect(readInput('')).toEqual({ value: {} })
    expect(readInput('{')).toHaveProperty('reason')
  })
})
