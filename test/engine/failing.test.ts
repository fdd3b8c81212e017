import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StepFailure } from '../../worker/engine/behaviour.ts'
import { call, give, pure } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play } from './support/play.ts'

describe('a step that failed for good', () => {
  //  start ─► send ✗ ─► after          other ─► end
  const drawing = (onError: 'stop' | 'continue' | 'branch') => ({
    edges: 'start > send > after; send:error > rescue; start > other > end',
    nodes: {
      send: call({ onError }),
      other: call(),
      after: give(({ steps }) => steps['send']!),
      rescue: give(({ steps }) => steps['send']!),
    },
  })
  const error = { error: { code: 'http.422', message: 'No.', kind: 'terminal', attempt: 1 } }

  test('stop: fails the execution and cancels what is in flight', () => {
    const execution = play(drawing('stop')).start().fail('send', refused)
    expect(execution.state.finished).toEqual({ at: 0, status: 'failed', output: null, failure: refused })
    expect(execution.stepAt('other')).toMatchObject({ status: 'cancelled' })
    expect(execution.outstanding).toEqual({ invocations: [], children: [], wakeAt: null })
  })

  test('continue: goes on at the first port with the error as data', () => {
    const execution = play(drawing('continue')).start().fail('send', refused)
    expect(execution.outputOf('after')).toEqual(error)
    expect(execution.stepAt('send')).toMatchObject({ status: 'failed', handled: true, failure: refused, output: error })
    expect(execution.succeed('other').status).toBe('completed_with_errors')
  })

  test('branch: goes on at the port error, and only there', () => {
    const execution = play(drawing('branch')).start().fail('send', refused).succeed('other')
    expect(execution.outputOf('rescue')).toEqual(error)
    expect(execution.completed).toEqual(['start', 'rescue', 'other', 'end'])
    expect(execution.status).toBe('completed_with_errors')
  })

  test('says at which attempt it gave up', () => {
    const execution = play({
      edges: 'start > send > after',
      nodes: {
        send: call({ onError: 'continue', retry: { maxRetries: 1, delayMs: 0 } }),
        after: give(({ steps }) => steps['send']!),
      },
    }).start()
    execution.fail('send', busy).fail('send', busy)
    expect(execution.outputOf('after')).toMatchObject({ error: { code: 'http.503', attempt: 2 } })
  })

  test('takes the default of the graph where the node does not say', () => {
    const execution = play({
      edges: 'start > send > after',
      nodes: { send: call() },
      settings: { onError: 'continue' },
    })
    expect(execution.start().fail('send', refused).completed).toEqual(['start', 'after'])
  })
})

describe('a node that cannot be decided', () => {
  const wrong = new StepFailure({ kind: 'terminal', code: 'expression.missing_path', message: 'No steps.x.' })
  const throwing = (error: unknown) =>
    pure(() => {
      throw error
    })

  test('fails its step with the reason it gives, without a try to repeat it', () => {
    const execution = play({ edges: 'start > bad', nodes: { bad: throwing(wrong) } }).start()
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: wrong.failure })
    expect(execution.stepAt('bad')).toMatchObject({ status: 'failed', attempt: 1 })
  })

  test('fails as a fault of ours when it throws anything else', () => {
    const execution = play({ edges: 'start > bad', nodes: { bad: throwing(new TypeError('x is undefined')) } }).start()
    expect(execution.state.finished).toMatchObject({ failure: { kind: 'terminal', code: 'node.crashed' } })
  })

  test('fails before its call is made, and the error can be handled', () => {
    const resolve = () => {
      throw wrong
    }
    const execution = play({
      edges: 'start > send:error > rescue',
      nodes: { send: call({ onError: 'branch' }, resolve) },
    }).start()
    expect(execution.asked).toEqual([])
    expect(execution.completed).toEqual(['start', 'rescue'])
  })

  test('fails when the version does not have it', () => {
    const execution = play({ edges: 'start > a' })
    execution.turn({ type: 'start', trigger: { nodeId: 'gone', kind: 'manual', data: null } })
    expect(execution.state.finished).toMatchObject({ status: 'failed', failure: { code: 'node.missing' } })
  })
})

describe('a linear list of actions', () => {
  // start ─► a1 ─► a2 ─► … ─► an
  const list = (length: number, onError: 'stop' | 'continue') => ({
    edges: ['start', ...names(length)].join(' > '),
    nodes: Object.fromEntries(names(length).map((name) => [name, call({ onError, retry: { maxRetries: 0 } })])),
  })
  const names = (length: number) => Array.from({ length }, (_, index) => `a${index + 1}`)
  const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 })

  // Feature: automations-workflows, Property 13: Action Execution Order
  test('Property 13: actions run in their order, each after the one before has ended', () => {
    fc.assert(
      fc.property(outcomes, (works) => {
        const execution = play(list(works.length, 'continue')).start()
        for (const [index, ok] of works.entries()) {
          const path = `a${index + 1}`
          expect(execution.keys).toEqual([`${path}/1`])
          if (ok) execution.succeed(path)
          else execution.fail(path, refused)
        }
        expect(execution.asked).toEqual(names(works.length).map((name) => `${name}/1`))
      }),
      { numRuns: 150 },
    )
  })

  // Feature: automations-workflows, Property 15: Error Isolation
  test('Property 15: with continue the rest still runs and every error is kept', () => {
    fc.assert(
      fc.property(outcomes, (works) => {
        const execution = play(list(works.length, 'continue')).start()
        for (const [index, ok] of works.entries()) {
          if (ok) execution.succeed(`a${index + 1}`)
          else execution.fail(`a${index + 1}`, refused)
        }
        expect(execution.status).toBe(works.every(Boolean) ? 'completed' : 'completed_with_errors')
        for (const [index, ok] of works.entries()) {
          const step = execution.stepAt(`a${index + 1}`)
          expect(step).toMatchObject(
            ok ? { status: 'completed' } : { status: 'failed', failure: refused, handled: true },
          )
        }
      }),
      { numRuns: 150 },
    )
  })

  test('with stop nothing runs after the first failure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), (length, bad) => {
        fc.pre(bad <= length)
        const execution = play(list(length, 'stop')).start()
        for (let index = 1; index < bad; index++) execution.succeed(`a${index}`)
        execution.fail(`a${bad}`, refused)
        expect(execution.status).toBe('failed')
        expect(execution.asked).toHaveLength(bad)
      }),
      { numRuns: 100 },
    )
  })
})
