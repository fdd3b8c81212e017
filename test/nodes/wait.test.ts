import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { CalendarSnapshot } from '../../worker/contract/calendar.ts'
import type { CalendarId } from '../../worker/contract/id.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import type { Outcome } from '../../worker/engine/behaviour.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { project } from '../../worker/engine/projection.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { Play } from '../engine/support/play.ts'
import { failureOf, graphOf, nodeOf, scopeOf } from './support.ts'

const office = 'cal_01jd4x8m3w5q7r9t1v3x5z7b9d' as CalendarId
const nineToFive = [{ from: '09:00', to: '17:00' }]
const calendars: CalendarSnapshot = {
  default: office,
  calendars: {
    [office]: {
      timeZone: 'Europe/Amsterdam',
      weekly: { mon: nineToFive, tue: nineToFive, wed: nineToFive, thu: nineToFive, fri: nineToFive },
      exceptions: [{ date: '2026-06-02', everyYear: false, name: 'Outing', hours: [] }],
    },
  },
}

/** What a wait decides at an instant: another one, or that it does not wait. */
function decide(
  params: JsonObject,
  { at = '2026-06-01T12:00:00Z', trigger = null, path, snapshot = calendars }: Partial<Question> = {},
): string | Outcome {
  const behaviour = compileNode(nodeOf('flow.wait', params), { calendars: snapshot })
  if (behaviour.kind !== 'wait') throw new Error('flow.wait does not wait')
  const decided = behaviour.until({ ...scopeOf({ trigger }), now: Date.parse(at) }, path)
  return typeof decided === 'number' ? new Date(decided).toISOString() : decided
}

interface Question {
  at: string
  trigger: Json
  path: string
  snapshot: CalendarSnapshot
}

const inNewYork = { data: { contact: { timeZone: 'America/New_York' } } }

describe('until a weekday and time', () => {
  const params = { mode: 'weekday', weekdays: ['mon', 'thu'], time: '09:00', timeZone: 'Europe/Amsterdam' }

  test('goes on at the next such time by the clocks of the zone', () => {
    expect(decide(params)).toBe('2026-06-04T07:00:00.000Z')
    expect(decide(params, { at: '2026-06-01T06:59:00Z' })).toBe('2026-06-01T07:00:00.000Z')
    expect(decide(params, { at: '2026-06-01T07:00:00Z' })).toBe('2026-06-01T07:00:00.000Z')
  })

  test('by the clocks of the contact, else of the organization, whose are those of its default calendar', () => {
    const theirs = { ...params, zone: 'contact' }
    expect(decide(theirs, { trigger: inNewYork })).toBe('2026-06-01T13:00:00.000Z')
    expect(decide(theirs, { trigger: { body: { contact: { timezone: 'Asia/Tokyo' } } } })).toBe(
      '2026-06-04T00:00:00.000Z',
    )
    expect(decide(theirs, { trigger: { data: { contact: { timeZone: 'nowhere' } } } })).toBe('2026-06-04T07:00:00.000Z')
    expect(decide({ ...params, zone: 'organization' })).toBe('2026-06-04T07:00:00.000Z')
    const none = { snapshot: { default: null, calendars: {} } }
    expect(decide({ ...params, zone: 'organization' }, none)).toBe('2026-06-04T09:00:00.000Z')
  })

  test('on the day on which clocks are set forward, at the first instant after the gap', () => {
    const sunday = { mode: 'weekday', weekdays: ['sun'], time: '02:30', timeZone: 'Europe/Amsterdam' }
    expect(decide(sunday, { at: '2026-03-28T12:00:00Z' })).toBe('2026-03-29T01:00:00.000Z')
    expect(decide(sunday, { at: '2026-10-24T12:00:00Z' })).toBe('2026-10-25T00:30:00.000Z')
    // The second 02:30 of that night is a week early, not late.
    expect(decide(sunday, { at: '2026-10-25T01:30:00Z' })).toBe('2026-11-01T01:30:00.000Z')
  })
})

describe('until a date', () => {
  const until = (text: string, more: JsonObject = {}) => ({
    mode: 'until',
    until: text,
    timeZone: 'Europe/Amsterdam',
    ...more,
  })

  test('reads a date without an offset by the clocks of the zone, gaps and all', () => {
    expect(decide(until('2026-06-02T10:00:00'))).toBe('2026-06-02T08:00:00.000Z')
    expect(decide(until('2026-06-02T10:00:00+05:00'))).toBe('2026-06-02T05:00:00.000Z')
    const winter = { at: '2026-03-01T12:00:00Z' }
    expect(decide(until('2026-03-29T02:30:00'), winter)).toBe('2026-03-29T01:00:00.000Z')
    expect(decide(until('2026-06-02T10:00:00', { zone: 'contact' }), { trigger: inNewYork })).toBe(
      '2026-06-02T14:00:00.000Z',
    )
  })

  test('that has passed goes on at once, or ends the branch where that is wanted', () => {
    expect(decide(until('2026-06-01T11:59:59Z'))).toBe('2026-06-01T11:59:59.000Z')
    const skip = { whenPast: 'skip' }
    expect(decide(until('2026-06-01T12:00:00Z', skip))).toBe('2026-06-01T12:00:00.000Z')
    expect(decide(until('2026-06-01T11:59:59Z', skip))).toEqual({
      output: { until: '2026-06-01T11:59:59.000Z', passed: true },
      port: 'passed',
    })
  })

  test('that has passed ends the branch in a whole execution too', () => {
    //  start ─► late (skip) ─► never
    const graph = graphOf(
      {
        start: ['trigger.manual'],
        late: ['flow.wait', { mode: 'until', until: '2001-01-01', whenPast: 'skip' }],
        never: ['flow.end'],
      },
      ['start > late', 'late > never'],
    )
    expect(validateGraph(graph)).toEqual([])
    const workflow = { id: 'wf_1', name: 'Orders', version: 1 }
    const play = new Play(compilePlan({ graph, workflow, compileNode: compiledNode }))
    play.now = Date.parse('2026-06-01T12:00:00Z')
    play.start(null)
    expect(project(play.entries).steps.map(({ nodeId, port }) => [nodeId, port])).toEqual([
      ['start', 'out'],
      ['late', 'passed'],
    ])
  })
})

describe('for business hours', () => {
  const params = { mode: 'businessHours' }

  test('goes on at once when it is open, else at the next opening', () => {
    expect(decide(params, { at: '2026-06-01T12:00:00Z' })).toBe('2026-06-01T12:00:00.000Z')
    expect(decide(params, { at: '2026-06-01T16:00:00Z' })).toBe('2026-06-03T07:00:00.000Z')
    expect(decide({ ...params, calendar: office }, { at: '2026-06-06T12:00:00Z' })).toBe('2026-06-08T07:00:00.000Z')
  })

  test('reads the hours by the contact’s clocks where that is wanted', () => {
    const theirs = { ...params, hoursIn: 'contact' }
    expect(decide(theirs, { at: '2026-06-01T12:00:00Z', trigger: inNewYork })).toBe('2026-06-01T13:00:00.000Z')
    expect(decide(theirs, { at: '2026-06-01T12:00:00Z' })).toBe('2026-06-01T12:00:00.000Z')
  })

  test('adds business hours and days', () => {
    expect(decide({ ...params, count: 'hours', amount: 4 })).toBe('2026-06-03T08:00:00.000Z')
    expect(decide({ ...params, count: 'hours', amount: 0.5 })).toBe('2026-06-01T12:30:00.000Z')
    expect(decide({ ...params, count: 'days', amount: 2 })).toBe('2026-06-04T12:00:00.000Z')
  })

  test('fails by name when there is no such calendar, or one that does not open', () => {
    const refused = { kind: 'terminal', code: 'params.invalid', details: { param: 'calendar' } }
    expect(failureOf(() => decide({ ...params, calendar: 'cal_gone' }))).toMatchObject(refused)
    expect(failureOf(() => decide({ ...params, calendar: 'constructor' }))).toMatchObject(refused)
    expect(failureOf(() => decide(params, { snapshot: { default: null, calendars: {} } }))).toMatchObject(refused)
    const closed = { default: office, calendars: { [office]: { timeZone: 'UTC', weekly: {}, exceptions: [] } } }
    expect(failureOf(() => decide(params, { snapshot: closed }))).toMatchObject(refused)
  })
})

test('in quiet hours it waits for their end, and outside of them not at all', () => {
  const params = { mode: 'quietHours', timeZone: 'Europe/Amsterdam' }
  expect(decide(params, { at: '2026-06-01T12:00:00Z' })).toBe('2026-06-01T12:00:00.000Z')
  expect(decide(params, { at: '2026-06-01T23:00:00Z' })).toBe('2026-06-02T06:00:00.000Z')
  const weekdays = { ...params, quietDays: ['mon'] }
  expect(decide(weekdays, { at: '2026-06-02T23:00:00Z' })).toBe('2026-06-02T23:00:00.000Z')
})

test('a random wait is drawn by execution and step: the same on replay, another for another visit', () => {
  const params = { mode: 'random', atLeast: '1 hour', atMost: '2 hours' }
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (path) => {
      const drawn = decide(params, { path })
      expect(decide(params, { path })).toBe(drawn)
      const ms = Date.parse(String(drawn)) - Date.parse('2026-06-01T12:00:00Z')
      expect(ms).toBeGreaterThanOrEqual(3_600_000)
      expect(ms).toBeLessThanOrEqual(7_200_000)
    }),
    { numRuns: 200 },
  )
  expect(decide(params, { path: 'pause' })).not.toBe(decide(params, { path: 'pause#2' }))
})

test('whenever it is asked, it never answers with an instant that came before', () => {
  const modes: JsonObject[] = [
    { mode: 'weekday', weekdays: ['sun', 'wed'], time: '02:30', zone: 'organization' },
    { mode: 'businessHours' },
    { mode: 'businessHours', count: 'hours', amount: 5 },
    { mode: 'businessHours', count: 'days', amount: 3 },
    { mode: 'quietHours', zone: 'organization' },
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...modes),
      fc.integer({ min: 1.7e12, max: 1.9e12 }),
      fc.nat(1e9),
      (params, now, later) => {
        const [first, second] = [now, now + later].map((at) => decide(params, { at: new Date(at).toISOString() }))
        expect(Date.parse(String(first))).toBeGreaterThanOrEqual(now)
        expect(Date.parse(String(second))).toBeGreaterThanOrEqual(Date.parse(String(first)))
      },
    ),
    { numRuns: 200 },
  )
})

describe('a draft', () => {
  const problemsOf = (params: JsonObject) =>
    validateGraph(graphOf({ start: ['trigger.manual'], it: ['flow.wait', params] }, ['start > it'])).map(
      ({ path }) => path,
    )

  test.each<[JsonObject, string]>([
    [{ mode: 'weekday', time: '09:00' }, 'weekdays'],
    [{ mode: 'weekday', weekdays: ['mon'], time: '9 am' }, 'time'],
    [{ mode: 'weekday', weekdays: ['mon'], timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ mode: 'businessHours', count: 'days', amount: 1.5 }, 'amount'],
    [{ mode: 'quietHours', quietFrom: '25:00' }, 'quietFrom'],
    [{ mode: 'quietHours', quietFrom: '08:00', quietTo: '08:00' }, 'quietTo'],
    [{ mode: 'random', atLeast: '2 hours', atMost: '1 hour' }, 'atMost'],
    [{ mode: 'random', atLeast: '1 hour' }, 'atMost'],
  ])('%j is told of %s', (params, param) => {
    expect(problemsOf(params)).toEqual([`nodes.1.params.${param}`])
  })

  test.each<JsonObject>([
    { mode: 'weekday', weekdays: ['mon'], time: '{{ vars.time }}', timeZone: '{{ contact.timeZone }}' },
    { mode: 'weekday', weekdays: ['mon'], zone: 'contact', timeZone: '' },
    { mode: 'businessHours', count: 'hours', amount: 1.5 },
    { mode: 'quietHours' },
    { mode: 'random', atLeast: '0', atMost: '{{ vars.most }}' },
  ])('%j is as it should be', (params) => {
    const errors = validateGraph(graphOf({ start: ['trigger.manual'], it: ['flow.wait', params] }, ['start > it']))
    expect(errors.filter(({ code }) => code.startsWith('param.'))).toEqual([])
  })
})
