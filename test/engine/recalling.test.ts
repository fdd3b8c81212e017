import { describe, expect, test } from 'vitest'
import { call, give } from './support/draw.ts'
import { busy } from './support/failures.ts'
import { play } from './support/play.ts'

//  start ─► ask (its result is good for a minute) ─► last
const asking = (ids = 'ask') => ({
  edges: ids
    .split(' ')
    .map((id) => `start > ${id} > last`)
    .join('; '),
  nodes: {
    ...Object.fromEntries(
      ids.split(' ').map((id) => [id, call({ cache: { ttlMs: 60_000 } }, ({ trigger }) => ({ about: trigger, id }))]),
    ),
    last: give(({ steps }) => steps['ask'] ?? null),
  },
})
const begun = (ids?: string) => {
  const execution = play(asking(ids))
  execution.now = 100_000
  return execution.start('ada')
}

describe('a step whose result may be known', () => {
  test('is looked up by what it would be called with, and not called when that is known', () => {
    const execution = begun()
    expect(execution.outstanding.recalls).toEqual([{ path: 'ask', node: 'ask', key: '{"about":"ada","id":"ask"}' }])
    expect(execution.asked).toEqual([])
    execution.recall('ask', 'known', 70_000)
    expect(execution.outputOf('last')).toBe('known')
    expect(execution.stepAt('ask')).toMatchObject({ cachedAt: '1970-01-01T00:01:10.000Z', input: { about: 'ada' } })
    expect(execution.asked).toEqual([])
  })

  test.each([
    ['nothing is known', undefined, 0],
    ['it was too long ago', 'old', 40_000],
  ])('is called when %s, and says under which key its result is to be kept', (_, output, at) => {
    const execution = begun().recall('ask', output, at)
    expect(execution.outstanding.recalls).toBeUndefined()
    expect(execution.outstanding.invocations).toMatchObject([{ key: 'ask/1', input: { about: 'ada' } }])
    execution.fail('ask', busy).until(101_000).succeed('ask', 'fresh')
    expect(execution.outputOf('last')).toBe('fresh')
    expect(execution.events.find((event) => event.type === 'stepCompleted' && event.path === 'ask')).toMatchObject({
      keepAs: '{"about":"ada","id":"ask"}',
    })
  })

  test('is called when nobody says in time, and what is said then changes nothing', () => {
    const execution = begun()
    const [sought] = execution.outstanding.recalls!
    expect(execution.outstanding.wakeAt).toBe(102_000)
    execution.until(102_000)
    expect(execution.keys).toEqual(['ask/1'])
    execution.turn({ type: 'recalled', ...sought!, found: { outcome: { output: 'late', port: 'out' }, at: 101_000 } })
    expect(execution.keys).toEqual(['ask/1'])
  })

  test('is sought again after a crash', () => {
    const execution = begun()
    const { recalls } = execution.outstanding
    expect(execution.crash().outstanding.recalls).toEqual(recalls)
  })

  test('waits for a free place among the calls', () => {
    const execution = begun('ask b c d e f')
    for (const id of ['ask', 'b', 'c', 'd', 'e', 'f']) execution.recall(id)
    expect(execution.keys).toHaveLength(5)
    expect(execution.outstanding.wakeAt).toBeGreaterThan(execution.now)
    execution.succeed('ask', 1)
    expect(execution.keys).toEqual(['b/1', 'c/1', 'd/1', 'e/1', 'f/1'])
  })

  test('is not looked up again by a redrive: what failed is called', () => {
    const execution = begun().recall('ask')
    execution.turn({ type: 'cancel', by: 'usr_ada', reason: '' }).turn({ type: 'redrive', by: 'usr_ada' })
    expect(execution.keys).toEqual(['ask/2'])
  })

  test('takes only the output, and no answer or end that came with it', () => {
    const execution = begun()
    const [sought] = execution.outstanding.recalls!
    const outcome = { output: 1, port: 'out', end: { status: 'failed' }, vars: { x: 1 } } as const
    execution.turn({ type: 'recalled', ...sought!, found: { outcome, at: 99_000 } })
    expect([execution.status, execution.state.vars['x']]).toEqual(['completed', undefined])
  })
})
