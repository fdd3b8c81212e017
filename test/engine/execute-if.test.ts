import { describe, expect, test } from 'vitest'
import { refused } from './support/failures.ts'
import { StepFailure } from '../../worker/engine/behaviour.ts'
import { call, give, onlyIf, pure, wait } from './support/draw.ts'
import { play } from './support/play.ts'

//  start ─► score ─► notify (only if the score is high) ─► done
const drawing = (score: number) => ({
  edges: 'start > score > notify > done; notify:error > rescue',
  nodes: {
    score: give(() => score),
    notify: onlyIf(({ steps }) => Number(steps['score']) > 50, call()),
    done: give(({ steps }) => ({ saw: steps['notify']! })),
  },
})

describe('a step that is executed only if its conditions hold', () => {
  test('is executed when they do', () => {
    const execution = play(drawing(80)).start()
    expect(execution.keys).toEqual(['notify/1'])
    expect(execution.succeed('notify', 'sent').outputOf('done')).toEqual({ saw: 'sent' })
  })

  test('is passed through when they do not, with what came in, and says why', () => {
    const execution = play(drawing(20)).start()
    expect(execution.asked).toEqual([])
    expect(execution.stepAt('notify')).toMatchObject({
      status: 'skipped',
      output: 20,
      port: 'out',
      because: 'as drawn',
    })
    expect(execution.outputOf('done')).toEqual({ saw: 20 })
    expect(execution.status).toBe('completed')
  })

  test('goes on at its first port, whatever kind it is', () => {
    const execution = play({
      edges: 'start > pause > choose; choose:yes > a; choose:no > b',
      nodes: {
        pause: onlyIf(
          () => false,
          wait(({ now }) => now + 1_000),
        ),
        choose: {
          ...onlyIf(
            () => false,
            pure(() => ({ output: null, port: 'no' })),
          ),
          firstPort: 'yes',
        },
      },
    }).start('data')
    expect(execution.completed).toEqual(['start', 'pause', 'choose', 'a'])
    expect(execution.outputOf('choose')).toBe('data')
  })

  test('fails as the step would when the conditions cannot be decided', () => {
    const broken = onlyIf(
      () => {
        throw new StepFailure(refused)
      },
      call({ onError: 'branch' }),
    )
    const execution = play({ edges: 'start > send > after; send:error > rescue', nodes: { send: broken } }).start()
    expect(execution.completed).toEqual(['start', 'rescue'])
    expect(execution.stepAt('send')).toMatchObject({ status: 'failed', failure: refused, handled: true })
  })

  test('that is disabled is not asked', () => {
    const sketch = onlyIf(
      () => {
        throw new Error('asked')
      },
      call({ disabled: true }),
    )
    const execution = play({ edges: 'start > off', nodes: { off: sketch } }).start(1)
    expect(execution.stepAt('off')).toMatchObject({ status: 'skipped', output: 1 })
    expect(execution.stepAt('off')).not.toHaveProperty('because')
  })

  test('and had begun goes on in a redrive, whatever they say by then', () => {
    let holds = true
    const execution = play({
      edges: 'start > send > done; start > pause > later',
      nodes: {
        send: onlyIf(() => holds, call()),
        pause: onlyIf(
          () => holds,
          wait(({ now }) => now + 60_000),
        ),
      },
    }).start()
    execution.until(100).fail('send', refused)
    holds = false
    execution.turn({ type: 'redrive', by: 'ada' })
    expect(execution.keys).toEqual(['send/2'])
    expect(execution.stepAt('pause')).toMatchObject({ status: 'waiting' })
  })
})
