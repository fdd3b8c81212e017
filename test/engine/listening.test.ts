import { describe, expect, test } from 'vitest'
import { StepFailure } from '../../worker/engine/behaviour.ts'
import { listen } from './support/draw.ts'
import { play } from './support/play.ts'

const paid = { id: 'evt_1', type: 'paid', at: 10, data: { total: 120 } }

describe('a step that listens', () => {
  //  start ─► ask ─► thank
  //            └late─► remind
  const drawing = { edges: 'start > ask > thank; ask:late > remind', nodes: { ask: listen('paid', { forMs: 1_000 }) } }

  test('says what for, and is woken when its time is over', () => {
    const execution = play(drawing).start()
    expect(execution.outstanding).toMatchObject({
      invocations: [],
      wakeAt: 1_000,
      listening: [{ path: 'ask', topic: { match: 'paid', contact: 'ada', since: 0 }, dueAt: 1_000 }],
    })
    expect(execution.until(1_000).state.outputs).toHaveProperty('remind')
  })

  test('takes the first event that is the one, and no second', () => {
    const execution = play(drawing).start().until(20)
    execution.turn({ type: 'heard', path: 'ask', event: { ...paid, type: 'sent' } })
    expect(execution.state.open).toHaveProperty('ask')
    execution.turn({ type: 'heard', path: 'ask', event: paid })
    expect(execution.state.outputs).toMatchObject({ ask: { total: 120 }, thank: 'thank' })
    const { length } = execution.entries
    execution.turn({ type: 'heard', path: 'ask', event: { ...paid, id: 'evt_2' } })
    expect(execution.entries).toHaveLength(length)
  })

  test('what is heard at another path, by no step, or by one that does not listen, changes nothing', () => {
    const execution = play(drawing).start().until(20)
    const { length } = execution.entries
    for (const path of ['start', 'thank', 'nowhere', 'ask#2', '__proto__']) {
      execution.turn({ type: 'heard', path, event: paid })
    }
    expect(execution.entries).toHaveLength(length)
  })

  test('keeps its instant over a redrive, as every wait does', () => {
    const failing = listen('paid', { forMs: 1_000 })
    if (failing.behaviour.kind !== 'listen') throw new Error('it listens')
    let times = 0
    const take = failing.behaviour.take
    const behaviour = {
      ...failing.behaviour,
      take: (...given: Parameters<typeof take>) => {
        times += 1
        if (times === 1) throw new StepFailure({ kind: 'terminal', code: 'no', message: 'No.' })
        return take(...given)
      },
    }
    const execution = play({ edges: 'start > ask > thank', nodes: { ask: { behaviour } } })
      .start()
      .until(20)
    execution.turn({ type: 'heard', path: 'ask', event: paid })
    expect(execution.state.finished?.status).toBe('failed')
    execution.until(50).turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.outstanding.listening?.[0]?.dueAt).toBe(1_000)
    execution.turn({ type: 'heard', path: 'ask', event: { ...paid, at: 60 } })
    expect(execution.state.finished?.status).toBe('completed')
  })

  test('asks by itself every so often, as long as it goes on', () => {
    const asked: number[] = []
    const ask = listen('paid', {
      forMs: 10_000,
      everyMs: 3_000,
      ask: ({ now }) => {
        asked.push(now)
        return now >= 6_000 ? { output: 'so', port: 'out' } : null
      },
    })
    const execution = play({ edges: 'start > ask > thank', nodes: { ask } }).start().until(20_000)
    expect(asked).toEqual([3_000, 6_000])
    expect(execution.state.outputs['ask']).toBe('so')
  })

  test('cannot listen for more than a year', () => {
    const ask = listen('paid', { forMs: 366 * 86_400_000 })
    const execution = play({ edges: 'start > ask', nodes: { ask } }).start()
    expect(execution.state.finished).toMatchObject({ failure: { code: 'wait.invalid' } })
  })
})
