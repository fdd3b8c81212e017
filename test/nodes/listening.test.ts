import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { project } from '../../worker/engine/projection.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import type { Play } from '../engine/support/play.ts'
import { graphOf, playOf } from './support.ts'

const day = 86_400_000
const start = Date.parse('2026-06-01T12:00:00Z')
const about = { contactId: 'con_1' }

//  start ──► gap (1 day) ──► paid ─out─► thanks
//                              └─timeout─► remind
function waitsFor(params: JsonObject, data: Json = about): Play {
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      gap: ['flow.wait', { mode: 'duration', duration: '1 day' }],
      paid: ['flow.waitForEvent', { eventType: 'order.*', ...params }],
      thanks: ['flow.end', { reason: 'thanks' }],
      remind: ['flow.end', { reason: 'remind' }],
    },
    ['start > gap', 'gap > paid', 'paid.out > thanks', 'paid.timeout > remind'],
  )
  const play = playOf(graph)
  play.now = start
  return play.start(data).until(start + day)
}

const hear = (play: Play, event: { type?: string; at?: number; data?: Json } = {}) => {
  const { type = 'order.paid', at = play.now, data = { total: 120 } } = event
  return play.turn({ type: 'heard', path: 'paid', event: { id: 'evt_1', type, at, data: { type, data, id: 'evt_1' } } })
}

const reached = (play: Play) => project(play.entries).steps.at(-1)?.nodeId

describe('waiting for an event', () => {
  test('asks to be told of it, since the execution began, about its contact, until its time is over', () => {
    const play = waitsFor({})
    expect(play.outstanding.listening).toEqual([
      { path: 'paid', topic: { match: 'order.*', contact: 'con_1', since: start }, dueAt: start + 8 * day },
    ])
    expect(play.outstanding.wakeAt).toBe(start + 8 * day)
    expect(project(play.entries)).toMatchObject({ status: 'waiting', wakeAt: '2026-06-09T12:00:00.000Z' })
    expect(project(play.entries).steps.at(-1)).toMatchObject({ nodeId: 'paid', waitsFor: 'order.*' })
  })

  test.each([
    [{ lookBack: 'none' }, start + day],
    [{ lookBack: 'duration', lookBackFor: '2 hours' }, start + day - 7_200_000],
  ])('looks back as far as it is told: %j', (params, since) => {
    expect(waitsFor(params).outstanding.listening?.[0]?.topic.since).toBe(since)
  })

  test('goes on with the event, and only once', () => {
    const play = waitsFor({})
    hear(play)
    expect(reached(play)).toBe('thanks')
    expect(play.state.outputs['paid']).toMatchObject({ event: { type: 'order.paid', data: { total: 120 } } })
    const { length } = play.entries
    hear(play)
    expect(play.entries).toHaveLength(length)
    expect(play.outstanding.listening).toBeUndefined()
  })

  test('an event that came before the step began is not missed, one from before the execution is', () => {
    const play = waitsFor({})
    hear(play, { at: start - 1 })
    expect(reached(play)).toBe('paid')
    hear(play, { at: start + 5 })
    expect(reached(play)).toBe('thanks')
  })

  test('the event that began the execution is not the one it waits for', () => {
    const play = waitsFor({}, { type: 'order.paid', id: 'evt_1', ...about })
    hear(play, { at: start })
    expect(reached(play)).toBe('paid')
  })

  test('passes over what does not meet its conditions', () => {
    const conditions = {
      operator: 'AND',
      conditions: [{ field: 'event.data.total', operator: '>', value: '{{ trigger.least }}' }],
    }
    const play = waitsFor({ conditions }, { ...about, least: 100 })
    hear(play, { data: { total: 99 } })
    expect(reached(play)).toBe('paid')
    hear(play, { data: { total: 101 } })
    expect(reached(play)).toBe('thanks')
  })

  test('goes the other way when its time is over, though an event that came in time still counts', () => {
    expect(reached(waitsFor({ atMost: '2 days' }).until(start + 3 * day))).toBe('remind')
    const play = waitsFor({ atMost: '2 days' })
    play.now = start + 3 * day + 500
    hear(play, { at: start + 3 * day - 1 })
    expect(reached(play)).toBe('thanks')
    const late = waitsFor({ atMost: '2 days' })
    late.now = start + 3 * day + 500
    hear(late, { at: start + 3 * day + 1 })
    expect(reached(late)).toBe('remind')
  })

  test('asks for the same after a crash', () => {
    const play = waitsFor({})
    const before = play.outstanding
    expect(play.crash().outstanding).toEqual(before)
    hear(play)
    expect(reached(play)).toBe('thanks')
  })

  test('of a contact fails when there is none, and of anyone needs none', () => {
    expect(waitsFor({}, null).state.finished?.failure).toMatchObject({ details: { param: 'contact' } })
    expect(waitsFor({ of: 'anyone' }, null).outstanding.listening?.[0]?.topic.contact).toBeNull()
    expect(waitsFor({ contact: '{{ trigger.who }}' }, { who: 'con_9' }).outstanding.listening?.[0]?.topic.contact).toBe(
      'con_9',
    )
  })

  test('that is cancelled is not told any more', () => {
    const play = waitsFor({}).turn({ type: 'cancel', by: 'usr_1', reason: '' })
    expect(play.outstanding.listening).toBeUndefined()
  })
})

//  start ──► vip ─out─► yes
//             └─timeout─► no
function waitsUntil(params: JsonObject = {}): Play {
  const conditions = { operator: 'AND', conditions: [{ field: 'contact.tags', operator: 'contains', value: 'vip' }] }
  const graph = graphOf(
    {
      start: ['trigger.manual'],
      paid: ['flow.waitForCondition', { conditions, atMost: '1 day', ...params }],
      yes: ['flow.end'],
      no: ['flow.end'],
    },
    ['start > paid', 'paid.out > yes', 'paid.timeout > no'],
  )
  const play = playOf(graph)
  play.now = start
  return play.start(about)
}

describe('waiting for a condition', () => {
  const tagged = (...tags: string[]) => ({ type: 'contact.tag.added', data: { contact: { id: 'con_1', tags } } })

  test('listens for whatever changes about the contact, and looks again by itself', () => {
    const play = waitsUntil()
    expect(play.outstanding).toMatchObject({
      wakeAt: start + 3_600_000,
      listening: [{ topic: { match: 'contact.*', contact: 'con_1', since: start } }],
    })
    play.until(start + 5 * 3_600_000)
    expect(play.outstanding.wakeAt).toBe(start + 6 * 3_600_000)
  })

  test('goes on with the change that makes it so', () => {
    const play = waitsUntil()
    hear(play, tagged('news'))
    expect(reached(play)).toBe('paid')
    hear(play, tagged('news', 'vip'))
    expect(reached(play)).toBe('yes')
  })

  test('gives up when its time is over', () => {
    expect(reached(waitsUntil().until(start + day))).toBe('no')
  })

  test('goes on at once when it is so already, and by itself when time makes it so', () => {
    const soon = { operator: 'AND', conditions: [{ field: '{{ now.hour() }}', operator: '>=', value: 15 }] }
    const atOnce = { operator: 'AND', conditions: [{ field: 'trigger.contactId', operator: '==', value: 'con_1' }] }
    expect(reached(waitsUntil({ conditions: atOnce }))).toBe('yes')
    const play = waitsUntil({ conditions: soon })
    expect(reached(play.until(start + 2.9 * 3_600_000))).toBe('paid')
    expect(reached(play.until(start + 3 * 3_600_000))).toBe('yes')
  })
})

test('a draft is told what it lacks, and may read the event where it is there', () => {
  const problems = (type: string, params: JsonObject) =>
    validateGraph(graphOf({ start: ['trigger.manual'], it: [type, params] }, ['start > it'])).map(({ path }) => path)
  const conditions = { operator: 'AND', conditions: [{ field: 'event.data.total', operator: '>', value: 1 }] }
  expect(problems('flow.waitForEvent', { eventType: '' })).toEqual(['nodes.1.params.eventType'])
  expect(problems('flow.waitForEvent', { eventType: 'a.b', atMost: 'soon' })).toEqual(['nodes.1.params.atMost'])
  expect(problems('flow.waitForEvent', { eventType: 'a.b', conditions })).toEqual([])
  expect(problems('flow.waitForCondition', { conditions })).toEqual([])
  expect(problems('flow.waitForCondition', { conditions, of: 'event' })).toEqual(['nodes.1.params.eventType'])
  expect(problems('flow.if', { conditions })).not.toEqual([])
})
