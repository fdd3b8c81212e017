import { describe, expect, test } from 'vitest'
import type { ParentLink } from '../../worker/engine/event.ts'
import { project } from '../../worker/engine/projection.ts'
import { call, child, each, give, parallel, pure } from './support/draw.ts'
import { refused } from './support/failures.ts'
import { play } from './support/play.ts'

//  start ─► send (calls a workflow) ─► last
const calling = (sketch: Parameters<typeof child>[0] = {}) => ({
  edges: 'start > send > last; send:error > rescue',
  nodes: {
    send: child({ input: ({ trigger }) => ({ to: trigger }), ...sketch }),
    last: give(({ steps }) => steps['send']!),
  },
})

describe('a step that calls a workflow', () => {
  test('has its child started, awaits it and goes on with what it gave', () => {
    const execution = play(calling()).start('ada')
    expect(execution.orders).toEqual(['start 1/send'])
    expect(execution.outstanding.children[0]).toMatchObject({
      call: { workflowId: 'other', input: { to: 'ada' } },
      depth: 1,
      at: 0,
    })
    expect(execution.status).toBe('waiting')
    execution.until(20).childStarts('send')
    expect(execution.orders).toEqual(['watch 1/send'])
    execution.until(5_000).childEnds('send', { output: { sent: true } })
    expect(execution.outputOf('last')).toEqual({ status: 'completed', output: { sent: true } })
    expect(execution.orders).toEqual([])
  })

  test('shows its child, and how far it is', () => {
    const execution = play(calling({ timeoutMs: 60_000 })).start('ada')
    expect(execution.stepAt('send')).toMatchObject({
      status: 'waiting',
      input: { to: 'ada' },
      child: { workflowId: 'other' },
      dueAt: '1970-01-01T00:01:00.000Z',
    })
    execution.childStarts('send')
    expect(execution.stepAt('send')?.child).toEqual({ workflowId: 'other', executionId: 'child of send' })
  })

  test('takes its end without having heard of its beginning', () => {
    const execution = play(calling()).start().childEnds('send', { output: 1 })
    expect(execution.status).toBe('completed')
    expect(execution.stepAt('send')?.child?.executionId).toBe('child of send')
  })

  test('goes on at once where it does not wait, and leaves the child alone', () => {
    const execution = play(calling({ waits: false }))
      .start()
      .childStarts('send')
    expect(execution.outputOf('last')).toEqual({ status: 'started', output: null })
    expect(execution.status).toBe('completed')
    expect(execution.orders).toEqual([])
  })

  test('uses up none of the time that the execution may be active', () => {
    const execution = play({ ...calling(), settings: { activeTimeoutMs: 1_000 } }).start()
    execution.until(90_000).childEnds('send')
    expect(execution.status).toBe('completed')
  })

  test('asks for the same child after a crash, and takes a report only once', () => {
    const execution = play(calling()).start('ada')
    const { children } = execution.outstanding
    expect(execution.crash().outstanding.children).toEqual(children)
    execution.childStarts('send').childStarts('send', 'another')
    expect(execution.stepAt('send')?.child?.executionId).toBe('child of send')
    execution.childEnds('send')
    const { length } = execution.entries
    execution.turn({ type: 'childEnded', key: '1/send', end: { executionId: 'x', status: 'failed', output: null } })
    execution.turn({ type: 'childStarted', key: '1/send', executionId: 'x' })
    execution.turn({ type: 'childReleased', key: '1/send' })
    expect(execution.entries).toHaveLength(length)
  })
})

describe('a child that fails', () => {
  const failed = { status: 'failed', failure: refused } as const

  test('fails the step, with its reason', () => {
    const execution = play(calling()).start().childEnds('send', failed)
    expect(execution.stepAt('send')?.failure).toMatchObject({
      code: 'call.child_failed',
      message: 'No.',
      details: { status: 'failed', failure: { code: 'http.422' } },
    })
    expect(execution.status).toBe('failed')
  })

  test('goes the way of the step’s errors', () => {
    const execution = play(calling({ settings: { onError: 'branch' } }))
      .start()
      .childEnds('send', failed)
    expect(execution.completed).toEqual(['start', 'rescue'])
    expect(execution.status).toBe('completed_with_errors')
  })

  test('is data where the step does not fail with it', () => {
    const execution = play(calling({ failsWithChild: false }))
      .start()
      .childEnds('send', { status: 'cancelled' })
    expect(execution.outputOf('last')).toEqual({ status: 'cancelled', output: null })
    expect(execution.status).toBe('completed')
  })

  test('with errors that were handled has completed', () => {
    const execution = play(calling()).start().childEnds('send', { status: 'completed_with_errors', output: 1 })
    expect(execution.outputOf('last')).toEqual({ status: 'completed_with_errors', output: 1 })
  })

  test('or that could not be started fails the step, also where nobody waits', () => {
    for (const waits of [true, false]) {
      const execution = play(calling({ waits })).start()
      const end = {
        executionId: null,
        status: 'failed',
        output: null,
        failure: { ...refused, code: 'call.not_active' },
      }
      execution.turn({ type: 'childEnded', key: '1/send', end: { ...end, status: 'failed' } })
      expect(execution.stepAt('send')?.failure?.code).toBe('call.not_active')
      expect(execution.orders).toEqual([])
    }
  })

  test('is called again by a redrive, as another one', () => {
    const execution = play(calling()).start().childEnds('send', failed).turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.orders).toEqual(['start 2/send'])
    execution.childEnds('send', { output: 'now' })
    expect(execution.outputOf('last')).toEqual({ status: 'completed', output: 'now' })
  })
})

describe('a child that nobody waits for any more is cancelled', () => {
  test('with its parent, and that is remembered until it is done', () => {
    const execution = play(calling()).start().childStarts('send')
    execution.turn({ type: 'cancel', by: 'usr_ada', reason: '' })
    expect(execution.status).toBe('cancelled')
    expect(execution.crash().orders).toEqual(['cancel 1/send'])
    execution.turn({ type: 'childReleased', key: '1/send' })
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
    expect(execution.status).toBe('cancelled')
  })

  test('when it takes too long', () => {
    const execution = play(calling({ timeoutMs: 60_000 }))
      .start()
      .childStarts('send')
    expect(execution.outstanding.wakeAt).toBe(60_000)
    execution.until(60_000)
    expect(execution.stepAt('send')?.failure).toMatchObject({ kind: 'timedOut', code: 'call.timed_out' })
    expect(execution.orders).toEqual(['cancel 1/send'])
  })

  test('when another branch failed, and a redrive calls another', () => {
    const execution = play({ edges: 'start > send; start > ask', nodes: { send: child(), ask: call() } }).start()
    execution.fail('ask', refused)
    expect(execution.orders).toEqual(['cancel 1/send'])
    execution.turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.orders).toEqual(['cancel 1/send', 'start 2/send'])
    execution.turn({ type: 'childReleased', key: '1/send' })
    expect(execution.orders).toEqual(['start 2/send'])
  })

  test('when its branch lost', () => {
    const execution = play({
      edges: 'start > race; race:a > send; race:b > ask; race:done > last',
      nodes: { race: parallel('a b', { waitFor: 'first' }), send: child(), ask: call() },
    })
    execution.start().childStarts('send').succeed('ask')
    expect(execution.status).toBe('completed')
    expect(execution.orders).toEqual(['cancel 1/send'])
  })

  test('when a node ended the execution', () => {
    const execution = play({
      edges: 'start > send; start > stop',
      nodes: { send: child(), stop: pure(() => ({ output: null, port: 'end', end: { status: 'completed' } })) },
    }).start()
    expect(execution.orders).toEqual(['cancel 1/send'])
  })
})

describe('children of an iteration', () => {
  test('are one each, beside each other', () => {
    const execution = play({
      edges: 'start > each; each:body > send; each:done > last',
      nodes: { each: each(['a', 'b'], { atOnce: 2 }), send: child({ input: ({ loop }) => loop!.item }) },
    }).start()
    expect(execution.orders).toEqual(['start 1/each[0].send', 'start 1/each[1].send'])
    execution.childEnds('each[1].send', { output: 'B' }).childEnds('each[0].send', { output: 'A' })
    expect(execution.outputOf('each')).toMatchObject({ results: [{ output: 'A' }, { output: 'B' }] })
  })
})

describe('an execution that was called', () => {
  const parent: ParentLink = { executionId: 'exe_parent', path: 'send', key: '1/send', depth: 1 }
  const trigger = { nodeId: 'start', kind: 'call', data: null } as const

  test('names its parent', () => {
    const execution = play({ edges: 'start > last' }).turn({ type: 'start', trigger, parent })
    expect(project(execution.entries).parent).toEqual({ executionId: 'exe_parent', path: 'send' })
    expect(execution.crash().state.parent).toEqual(parent)
  })

  test('may call another, but not five deep', () => {
    const at = (depth: number) => play(calling()).turn({ type: 'start', trigger, parent: { ...parent, depth } })
    expect(at(4).outstanding.children[0]?.depth).toBe(5)
    expect(at(5).stepAt('send')?.failure).toMatchObject({ code: 'call.too_deep', details: { maxDepth: 5 } })
  })
})
