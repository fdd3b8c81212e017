// A workflow's error handler: a path of its own, or another workflow, told once what failed.

import { describe, expect, test } from 'vitest'
import { WorkflowId } from '../../worker/contract/id.ts'
import { project } from '../../worker/engine/projection.ts'
import { call, child, each, give, pure, type Drawing } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play, type Play } from './support/play.ts'
import { onFailure, undoable } from './support/undo.ts'

const once = { retry: { maxRetries: 0 } }
const other = WorkflowId.parse('wf_01jd4x8m3w5q7r9t1v3x5z7b9e')

//  start ─► send ✗         oops ─► tell
const drawing: Drawing = {
  edges: 'start > send > done; oops > tell',
  nodes: {
    send: call(once),
    oops: onFailure(),
    tell: call(once, ({ steps }) => ({ told: steps['oops']! })),
  },
}

const handler = ({ entries }: Play) => project(entries).aftermath?.handler

describe('a path that handles failures', () => {
  test('runs once with the failure, and the execution has failed all the same', () => {
    const execution = play(drawing).start({ order: 7 }).fail('send', refused)
    expect(execution.status).toBe('running')
    expect(execution.outstanding.invocations).toMatchObject([
      {
        path: 'tell',
        input: {
          told: {
            failure: { kind: 'terminal', code: 'http.422', message: 'No.' },
            step: { id: 'send', name: 'send', path: 'send' },
            execution: { status: 'failed', generation: 1, failedAt: '1970-01-01T00:00:00.000Z' },
            workflow: { name: 'Drawn', version: 1 },
            trigger: { type: 'manual', nodeId: 'start', data: { order: 7 } },
            rollback: { undone: 0, failed: [] },
          },
        },
      },
    ])
    execution.until(500).succeed('tell', 'told')
    expect(execution.state.finished).toMatchObject({ at: 500, status: 'failed', failure: refused, output: null })
    expect(handler(execution)).toEqual({
      nodeId: 'oops',
      status: 'completed',
      startedAt: '1970-01-01T00:00:00.000Z',
      finishedAt: '1970-01-01T00:00:00.500Z',
      output: 'told',
    })
    expect(execution.stepAt('tell')).toMatchObject({ inHandler: true })
    expect(execution.stepAt('send')?.inHandler).toBeUndefined()
  })

  test('does not run when the execution completes, with errors too, or is cancelled', () => {
    expect(play(drawing).start().succeed('send').completed).toEqual(['start', 'send', 'done'])
    const passed = play({ ...drawing, nodes: { ...drawing.nodes, send: call({ ...once, onError: 'continue' }) } })
    expect(passed.start().fail('send', refused).status).toBe('completed_with_errors')
    const cancelled = play(drawing).start().turn({ type: 'cancel', by: 'usr_ada', reason: '' })
    expect(cancelled.status).toBe('cancelled')
    expect([passed, cancelled].map(handler)).toEqual([undefined, undefined])
  })

  test('runs for an execution that runs out of time, with time of its own', () => {
    const execution = play({ ...drawing, settings: { activeTimeoutMs: 5_000 } })
      .start()
      .until(5_000)
    expect(execution.keys).toEqual(['tell/1'])
    execution.until(9_000).succeed('tell')
    expect(execution.status).toBe('timed_out')
    expect(execution.stepAt('oops')?.output).toMatchObject({ step: null, execution: { status: 'timed_out' } })
  })

  test('runs for one that does more steps than it may, and may itself do as many', () => {
    const execution = play({
      edges: 'start > a > b > c > d > e; oops > f > g > h > i',
      nodes: { oops: onFailure() },
      maxSteps: 5,
    })
      .start()
      .until(0)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: { code: 'execution.too_many_steps' } })
    expect(handler(execution)).toMatchObject({ status: 'completed', output: 'i' })
  })

  test('that fails itself is seen to have failed, and is not handled', () => {
    const execution = play(drawing).start().fail('send', refused).fail('tell', busy)
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused })
    expect(handler(execution)).toMatchObject({ status: 'failed', failure: busy })
    expect(execution.events.filter(({ type }) => type === 'handlerStarted')).toHaveLength(1)
  })

  test('runs again when the execution is redriven and fails again, as visits of its own', () => {
    const execution = play(drawing).start().fail('send', refused).succeed('tell')
    execution.turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.keys).toEqual(['send/2'])
    expect(handler(execution)).toBeUndefined()
    execution.fail('send', refused)
    expect(execution.keys).toEqual(['tell#2/1'])
    execution.succeed('tell#2')
    expect(execution.status).toBe('failed')
    execution.turn({ type: 'redrive', by: 'usr_ada' }).succeed('send')
    expect(execution.status).toBe('completed')
  })

  test('leaves a loop that failed as it stood: a redrive goes on in it', () => {
    const execution = play({
      edges: 'start > rows; rows:body > send > mark; rows:done > last; oops > tell',
      nodes: { rows: each(['a', 'b', 'c'], { atOnce: 2 }), send: call(once), oops: onFailure(), tell: call(once) },
    })
    execution.start().succeed('rows[0].send', 1).fail('rows[1].send', refused)
    expect(execution.keys).toEqual(['tell/1'])
    execution.succeed('tell').turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.keys).toEqual(['rows[1].send/2', 'rows[2].send/2'])
    execution.succeed('rows[1].send', 2).succeed('rows[2].send', 3)
    expect(execution.status).toBe('completed')
  })

  test('runs when all that can be undone has been, and is told of it', () => {
    const execution = play({
      edges: 'start > book > charge > send; book:undo > cancel; charge:undo > refund; oops > tell',
      nodes: {
        ...drawing.nodes,
        book: undoable(),
        charge: undoable(),
        cancel: call(once),
        refund: call(once),
      },
    })
    execution.start().succeed('book').succeed('charge').fail('send', refused).fail('refund', refused)
    expect(execution.keys).toEqual(['cancel/1'])
    execution.succeed('cancel')
    expect(execution.outputOf('oops')).toMatchObject({
      rollback: { undone: 1, failed: [{ step: { id: 'charge' }, failure: { code: 'http.422' } }] },
    })
    execution.succeed('tell')
    expect(execution.status).toBe('failed')
  })

  test('reads what the execution did before it failed', () => {
    const execution = play({
      edges: 'start > score > send; oops > tell',
      nodes: {
        score: give(() => 42),
        send: pure(() => {
          throw new Error('broken')
        }),
        oops: onFailure(),
        tell: give(({ steps }) => steps['score']!),
      },
    }).start()
    expect(execution.status).toBe('failed')
    expect(handler(execution)).toMatchObject({ status: 'completed', output: 42 })
    expect(execution.entries).toHaveLength(1)
  })

  test('answers a sender that nobody has answered yet', () => {
    const execution = play({
      edges: 'start > send; oops > sorry',
      nodes: {
        ...drawing.nodes,
        sorry: pure(() => ({ output: null, port: 'out', response: { status: 503, headers: {}, body: 'Sorry.' } })),
      },
    })
    execution.start().fail('send', refused)
    expect(project(execution.entries).response).toMatchObject({ status: 503 })
  })

  test('can be paused, cancelled and its steps skipped, like any other', () => {
    const by = 'usr_ada'
    const paused = play(drawing).start().fail('send', refused).turn({ type: 'pause', by })
    expect(paused.status).toBe('paused')
    paused.turn({ type: 'resume', by }).turn({ type: 'skipStep', by, path: 'tell' })
    expect(paused.status).toBe('failed')
    const cancelled = play(drawing).start().fail('send', refused).turn({ type: 'cancel', by, reason: 'Enough.' })
    expect(cancelled.state.finished).toMatchObject({ status: 'failed', failure: refused })
    expect(handler(cancelled)).toMatchObject({ status: 'failed', failure: { code: 'execution.cancelled' } })
  })
})

describe('another workflow that handles failures', () => {
  const called: Drawing = {
    edges: 'start > send',
    nodes: { send: call(once) },
    settings: { errorHandler: { workflowId: other } },
  }

  test('is called once with the failure, awaited, and what it gave is shown', () => {
    const execution = play(called).start('order').fail('send', refused)
    expect(execution.outstanding.children).toMatchObject([
      {
        want: 'start',
        key: '1/$failure',
        call: { workflowId: other, input: { failure: { code: 'http.422' }, trigger: { data: 'order' } } },
      },
    ])
    execution.childStarts('$failure', 'exe_child').childEnds('$failure', { output: 'ticket 9' })
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: refused })
    expect(handler(execution)).toMatchObject({
      nodeId: '$failure',
      status: 'completed',
      output: 'ticket 9',
      child: { workflowId: other },
    })
  })

  test('that fails is shown to have failed', () => {
    const execution = play(called).start().fail('send', refused).childStarts('$failure')
    execution.childEnds('$failure', { status: 'failed', failure: busy })
    expect(execution.status).toBe('failed')
    expect(handler(execution)).toMatchObject({ status: 'failed', failure: { code: 'call.child_failed' } })
  })

  test('has no handler of its own while it is one', () => {
    const parent = { executionId: 'exe_parent', path: '$failure', key: '1/$failure', depth: 1 }
    const execution = play(called)
    execution.turn({ type: 'start', trigger: { nodeId: 'start', kind: 'call', data: null }, parent })
    execution.fail('send', refused)
    expect(execution.status).toBe('failed')
    expect(handler(execution)).toBeUndefined()
  })

  test('is passed over when the workflow has a path for it', () => {
    const execution = play({ ...drawing, settings: { errorHandler: { workflowId: other } } })
    execution.start().fail('send', refused)
    expect(execution.outstanding.children).toEqual([])
    expect(execution.keys).toEqual(['tell/1'])
  })
})

test('a child that fails is undone and handled before its caller hears of it', () => {
  const execution = play({ edges: 'start > other; oops > tell', nodes: { other: child(), oops: onFailure() } })
  execution.start().childStarts('other').childEnds('other', { status: 'failed', failure: refused })
  expect(execution.status).toBe('failed')
  expect(execution.outputOf('oops')).toMatchObject({ failure: { code: 'call.child_failed' }, step: { id: 'other' } })
})
