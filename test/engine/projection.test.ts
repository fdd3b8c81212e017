import { describe, expect, test } from 'vitest'
import { project } from '../../worker/engine/projection.ts'
import { call, give, pure, wait } from './support/draw.ts'
import { busy, refused } from './support/failures.ts'
import { play } from './support/play.ts'

describe('an execution as people see it', () => {
  //  start ─► choose ─► send ✗ 1 s ✓ ─► pause 1 min ─► done
  const story = () => {
    const execution = play({
      edges: 'start > choose; choose:yes > send > pause > done',
      nodes: {
        choose: pure(() => ({ output: { score: 7 }, port: 'yes', because: [{ saw: 7 }] })),
        send: call({}, () => ({ to: 'ada' })),
        pause: wait(({ now }) => now + 60_000),
        done: give(() => 'bye'),
      },
    }).start({ hello: 'world' })
    return execution.until(200).fail('send', busy).until(1_500).succeed('send', { id: 9 }).until(61_500)
  }

  test('has its steps in the order they began, each with what happened to it', () => {
    expect(project(story().entries)).toEqual({
      seq: 5,
      status: 'completed',
      generation: 1,
      trigger: { nodeId: 'start', kind: 'manual', data: { hello: 'world' } },
      startedAt: '1970-01-01T00:00:00.000Z',
      finishedAt: '1970-01-01T00:01:01.500Z',
      durationMs: 61_500,
      output: 'bye',
      steps: [
        {
          path: 'start',
          nodeId: 'start',
          status: 'completed',
          attempt: 1,
          startedAt: '1970-01-01T00:00:00.000Z',
          finishedAt: '1970-01-01T00:00:00.000Z',
          output: { hello: 'world' },
          port: 'out',
        },
        {
          path: 'choose',
          nodeId: 'choose',
          status: 'completed',
          attempt: 1,
          startedAt: '1970-01-01T00:00:00.000Z',
          finishedAt: '1970-01-01T00:00:00.000Z',
          output: { score: 7 },
          port: 'yes',
          because: [{ saw: 7 }],
        },
        {
          path: 'send',
          nodeId: 'send',
          status: 'completed',
          attempt: 2,
          generation: 1,
          startedAt: '1970-01-01T00:00:00.000Z',
          finishedAt: '1970-01-01T00:00:01.500Z',
          input: { to: 'ada' },
          output: { id: 9 },
          port: 'out',
          failures: [{ attempt: 1, at: '1970-01-01T00:00:00.200Z', failure: busy }],
        },
        {
          path: 'pause',
          nodeId: 'pause',
          status: 'completed',
          attempt: 1,
          startedAt: '1970-01-01T00:00:01.500Z',
          finishedAt: '1970-01-01T00:01:01.500Z',
          output: { until: '1970-01-01T00:01:01.500Z' },
          port: 'out',
        },
        {
          path: 'done',
          nodeId: 'done',
          status: 'completed',
          attempt: 1,
          startedAt: '1970-01-01T00:01:01.500Z',
          finishedAt: '1970-01-01T00:01:01.500Z',
          output: 'bye',
          port: 'out',
        },
      ],
    })
  })

  test('can be seen as it stood after any turn', () => {
    const { entries } = story()
    const at = (turn: number) => {
      const { status, steps, wakeAt } = project(entries, turn)
      const { path, status: was } = steps.at(-1) ?? {}
      return [status, path, was, wakeAt]
    }
    expect([0, 1, 2, 3, 4, 5].map(at)).toEqual([
      ['queued', undefined, undefined, undefined],
      ['running', 'send', 'running', undefined],
      ['waiting', 'send', 'retrying', '1970-01-01T00:00:01.200Z'],
      ['running', 'send', 'running', undefined],
      ['waiting', 'pause', 'waiting', '1970-01-01T00:01:01.500Z'],
      ['completed', 'done', 'completed', undefined],
    ])
  })

  test('is not changed by looking at it', () => {
    const { entries } = story()
    const before = JSON.stringify(entries)
    const first = project(entries)
    expect(project(entries)).toEqual(first)
    expect(JSON.stringify(entries)).toBe(before)
  })

  test('shows a redriven step once, with the attempts of both generations', () => {
    const execution = play({ edges: 'start > send', nodes: { send: call({ retry: { maxRetries: 1 } }) } }).start()
    execution.fail('send', busy).until(1_000).fail('send', refused)
    expect(project(execution.entries)).toMatchObject({ status: 'failed', failure: refused, generation: 1 })

    execution.until(5_000).turn({ type: 'redrive', by: 'ada' })
    expect(project(execution.entries)).toMatchObject({ status: 'running', generation: 2 })
    execution.succeed('send', 'done')
    const { steps, failure } = project(execution.entries)
    expect(failure).toBeUndefined()
    expect(steps.filter(({ path }) => path === 'send')).toMatchObject([
      { status: 'completed', attempt: 3, output: 'done', startedAt: '1970-01-01T00:00:05.000Z' },
    ])
    expect(steps.at(-1)!.failures).toMatchObject([{ attempt: 1 }, { attempt: 2 }])
  })
})
