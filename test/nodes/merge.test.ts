import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { graphOf, nodeOf, playOf } from './support.ts'

const set = (value: Json): [string, JsonObject] => ['data.transform', { mode: 'mapping', mapping: value }]

//          ┌─► left ──┐
//  start ──┼─► right ─┼─► join ─► after
//          └─► nap ───┘
const drawn = (params: JsonObject, left: Json = { l: 1, same: 'left' }, right: Json = { r: 2, same: 'right' }) =>
  graphOf(
    {
      start: ['trigger.manual'],
      right: set(right),
      nap: ['flow.wait', { duration: '1 hour' }],
      left: set(left),
      join: ['flow.merge', params],
      after: ['data.transform', { expression: 'steps.join' }],
    },
    ['start > left', 'start > right', 'start > nap', 'left > join', 'right > join', 'nap > join', 'join > after'],
  )

describe('flow.merge', () => {
  const until = { until: '1970-01-01T01:00:00.000Z' }
  test.each<[JsonObject, Json]>([
    [{}, { right: { r: 2, same: 'right' }, nap: until, left: { l: 1, same: 'left' } }],
    [{ combine: 'list' }, [{ r: 2, same: 'right' }, until, { l: 1, same: 'left' }]],
    [{ combine: 'fields' }, { r: 2, same: 'left', l: 1, ...until }],
    [{ combine: 'first' }, { l: 1, same: 'left' }],
    [
      { mode: 'any', combine: 'first' },
      { l: 1, same: 'left' },
    ],
    [{ mode: 'any' }, { left: { l: 1, same: 'left' } }],
    [
      { mode: 'count', count: 2, combine: 'list' },
      [
        { r: 2, same: 'right' },
        { l: 1, same: 'left' },
      ],
    ],
  ])('%j gives what the branches brought', (params, output) => {
    const play = playOf(drawn(params)).start()
    play.until(3_600_000)
    expect(play.status).toBe('completed')
    expect(play.outputOf('after')).toEqual(output)
    expect(play.completed.filter((path) => path.startsWith('after'))).toEqual(['after'])
  })

  test('puts what is no object under the name of its step where fields are joined', () => {
    const play = playOf(drawn({ combine: 'fields', mode: 'count' }, 'text', [1, 2])).start()
    expect(play.outputOf('join')).toEqual({ right: [1, 2], left: 'text' })
  })

  test('says which branches came', () => {
    expect(
      playOf(drawn({ mode: 'any' }))
        .start()
        .stepAt('join'),
    ).toMatchObject({ because: { came: ['left'] } })
  })

  test('joins all where its params are wrong and a draft is tried all the same', () => {
    expect(compileNode(nodeOf('flow.merge', { mode: 'sometimes' }))).toMatchObject({ kind: 'merge', needs: null })
  })
})

describe('a merge that is drawn wrongly is told so', () => {
  const problems = (params: JsonObject, edges: string[]) =>
    validateGraph(
      graphOf({ start: ['trigger.manual'], a: set(1), b: set(2), join: ['flow.merge', params] }, [
        'start > a',
        'start > b',
        ...edges,
      ]),
    ).map(({ severity, code }) => `${severity} ${code}`)

  test('of one branch there is nothing to join', () => {
    expect(problems({}, ['a > join'])).toEqual(['warning merge.single'])
    expect(problems({}, ['a > join', 'b > join'])).toEqual([])
  })

  test('and more cannot come than lead there', () => {
    expect(problems({ mode: 'count', count: 3 }, ['a > join', 'b > join'])).toEqual(['warning merge.too_few'])
    expect(problems({ mode: 'count', count: 0 }, ['a > join', 'b > join'])).toEqual(['error param.invalid'])
  })
})
