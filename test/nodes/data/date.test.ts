import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { dateOperations } from '../../../worker/nodes/data/date-params.ts'
import { validateGraph } from '../../../worker/nodes/validate-graph.ts'
import { evaluate, failureOf, graphOf, scopeOf } from '../support.ts'

const change = (operation: string, body: Json, params: JsonObject = {}) =>
  evaluate('data.date', { operation, source: 'trigger.body', ...params }, scopeOf({ body })).output

const berlin = { timeZone: 'Europe/Berlin' }
const cases: [keyof typeof dateOperations, Json, JsonObject, Json][] = [
  ['format', '2026-01-31T09:30:00Z', {}, '2026-01-31T09:30:00.000Z'],
  ['format', '2026-01-31T09:30:00Z', berlin, '2026-01-31T10:30:00.000+01:00'],
  ['format', '2026-01-31T09:30', berlin, '2026-01-31T09:30:00.000+01:00'],
  ['format', 'Sat, 31 Jan 2026 09:30:00 GMT', { as: 'dd.MM.yyyy' }, '31.01.2026'],
  ['format', 1_769_851_800, { as: 'yyyy-MM-dd HH:mm' }, '2026-01-31 09:30'],
  ['format', '1769851800000', { as: 'unix' }, 1_769_851_800],
  ['format', '2026-01-31', { as: 'epoch' }, 1_769_817_600_000],
  ['format', '2026-01-31', { as: 'EEEE, d MMMM yyyy', language: 'de' }, 'Samstag, 31 Januar 2026'],
  ['format', '2026-01-31T21:05:00Z', { as: 'own', pattern: "h 'o’clock' a" }, '9 o’clock PM'],
  ['format', '31/01/2026 09:30', { readAs: 'dd/MM/yyyy HH:mm', ...berlin }, '2026-01-31T09:30:00.000+01:00'],
  ['add', '2026-01-31', { amount: 1, unit: 'month' }, '2026-02-28T00:00:00.000Z'],
  ['add', '2026-03-28T09:00', { amount: 1, unit: 'day', ...berlin }, '2026-03-29T09:00:00.000+02:00'],
  ['add', '2026-03-28T09:00', { amount: 24, unit: 'hour', ...berlin }, '2026-03-29T10:00:00.000+02:00'],
  ['add', '2026-03-28T02:30', { amount: 1, unit: 'day', ...berlin }, '2026-03-29T03:30:00.000+02:00'],
  ['subtract', '2026-03-31', { amount: 1, unit: 'quarter', as: 'yyyy-MM-dd' }, '2025-12-31'],
  ['difference', '2026-03-28T09:00', { other: '2026-03-29T09:00', ...berlin }, 1],
  ['difference', '2026-03-28T09:00', { other: '2026-03-29T09:00', unit: 'hour', ...berlin }, 23],
  ['difference', '2026-10-24T09:00', { other: '2026-10-25T09:00', unit: 'hour', ...berlin }, 25],
  ['difference', '2026-02-01', { other: '2026-01-01', unit: 'month' }, -1],
  ['startOf', '2026-10-25T12:00', { unit: 'day', ...berlin }, '2026-10-25T00:00:00.000+02:00'],
  ['endOf', '2026-10-25T12:00', { unit: 'day', ...berlin }, '2026-10-25T23:59:59.999+01:00'],
  ['at', '2026-01-31T09:30:00Z', { time: '18:00', ...berlin }, '2026-01-31T18:00:00.000+01:00'],
  ['next', '2026-01-31', { weekday: 'monday', as: 'yyyy-MM-dd' }, '2026-02-02'],
  ['part', '2026-01-31', { part: 'week' }, 5],
  ['part', '2026-01-31', { part: 'weekdayName', language: 'fr' }, 'samedi'],
  ['part', '2026-01-31', { part: 'monthName' }, 'January'],
  ['part', '2026-01-31', { part: 'isWeekend' }, true],
  ['isBetween', '2026-01-31', { from: '2026-01-01', to: '2026-01-31' }, true],
  ['isBefore', '2026-01-31', { other: '{{ trigger.body }}' }, false],
  ['isAfter', '2026-01-31', { other: '2026-01-30' }, true],
  ['isSame', '2026-01-31T23:30:00Z', { other: '2026-02-01', unit: 'day', ...berlin }, true],
]

describe('data.date', () => {
  test.each(cases)('%s of %j with %j', (operation, body, params, result) => {
    expect(change(operation, body, params)).toEqual(result)
  })

  test('every operation has been tried', () => {
    expect(new Set(cases.map(([operation]) => operation))).toEqual(new Set(Object.keys(dateOperations)))
  })

  test('where no date is given it is the moment of the step', () => {
    expect(evaluate('data.date', { operation: 'format', source: '' }).output).toBe('2026-06-01T12:00:00.000Z')
    expect(evaluate('data.date', {}).output).toBe('2026-06-01T12:00:00.000Z')
    expect(evaluate('data.date', { source: 'now', timeZone: 'Asia/Kolkata', as: 'HH:mm' }).output).toBe('17:30')
  })

  test('a date that is missing is what is to be taken instead, and never silently now', () => {
    const params = { source: 'trigger.body.date', fallback: '2026-01-01', as: 'yyyy-MM-dd' }
    expect(evaluate('data.date', params, scopeOf({ body: {} })).output).toBe('2026-01-01')
    const { fallback: _fallback, ...without } = params
    expect(failureOf(() => evaluate('data.date', without, scopeOf({ body: { date: null } })))).toMatchObject({
      code: 'data.missing',
    })
  })

  test.each<[string, Json, JsonObject, string, string]>([
    ['format', 'tomorrow', {}, 'expression.value', 'is no ISO date such as'],
    ['format', {}, {}, 'data.wrong_kind', '“Date” must be a date such as'],
    ['format', '2026-01-31', { timeZone: 'Mars' }, 'expression.value', '“Mars” is not a time zone.'],
    ['format', '31.01.2026', { readAs: 'dd/MM/yyyy' }, 'expression.value', 'is no date in the form dd/MM/yyyy'],
    ['add', '2026-01-31', {}, 'params.invalid', 'Say how much.'],
    ['add', '2026-01-31', { amount: 1.5 }, 'expression.value', 'Only a whole number of days'],
    ['isBefore', '2026-01-31', { other: '{{ null }}' }, 'data.wrong_kind', '“Other date” must be a date'],
    ['at', '2026-01-31', { time: '25:00' }, 'expression.value', 'is no time of day'],
    ['format', '2026-01-31', { as: 'own' }, 'params.invalid', 'Give a pattern.'],
  ])('%s of %j with %j fails in words', (operation, body, params, code, message) => {
    expect(failureOf(() => change(operation, body, params))).toMatchObject({
      kind: 'terminal',
      code,
      message: expect.stringContaining(message),
    })
  })

  test('a date without quotes, which would be a subtraction, is found in the draft', () => {
    const graph = graphOf({ start: ['trigger.manual'], it: ['data.date', { source: '2026-11-21' }] }, ['start > it'])
    expect(validateGraph(graph).map(({ code }) => code)).toEqual(['date.unquoted'])
  })

  const instant = fc.date({ min: new Date('1980-01-01'), max: new Date('2080-01-01'), noInvalidDate: true })
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    '+05:45',
  )

  test('what is written is read as the same instant, in any zone', () => {
    fc.assert(
      fc.property(instant, zone, zone, (date, first, second) => {
        const written = change('format', date.toISOString(), { timeZone: first })
        expect(change('format', written, { timeZone: second, as: 'epoch' })).toBe(date.getTime())
      }),
      { numRuns: 200 },
    )
  })

  test('hours are exact and days keep the time of day, whatever the clocks do', () => {
    fc.assert(
      fc.property(instant, zone, fc.integer({ min: -400, max: 400 }), (date, timeZone, amount) => {
        const start = date.toISOString()
        const later = change('add', start, { amount, unit: 'hour', timeZone, as: 'epoch' })
        expect(later).toBe(date.getTime() + amount * 3_600_000)
        const moved = change('add', start, { amount, unit: 'day', timeZone }) as string
        const clock = (text: string) => change('format', text, { timeZone, as: 'HH:mm' })
        const day = (text: string) => change('format', text, { timeZone, as: 'yyyy-MM-dd' }) as string
        const days = (Date.parse(day(moved)) - Date.parse(day(start))) / 86_400_000
        // A time of day that the clocks leave out that day is moved on by the gap, never to another day.
        expect(days).toBe(amount)
        if (clock(moved) !== clock(start))
          expect(change('part', moved, { part: 'offset', timeZone })).not.toBe(
            change('part', change('subtract', moved, { amount: 3, unit: 'hour', timeZone }), {
              part: 'offset',
              timeZone,
            }),
          )
      }),
      { numRuns: 200 },
    )
  })

  test('a day begins and ends on that day', () => {
    const unit = fc.constantFrom('day', 'week', 'month', 'quarter', 'year', 'hour')
    fc.assert(
      fc.property(instant, zone, unit, (date, timeZone, unit) => {
        const start = change('startOf', date.toISOString(), { unit, timeZone, as: 'epoch' }) as number
        const end = change('endOf', date.toISOString(), { unit, timeZone, as: 'epoch' }) as number
        expect(start).toBeLessThanOrEqual(date.getTime())
        expect(end).toBeGreaterThanOrEqual(date.getTime())
        expect(change('startOf', end, { unit, timeZone, as: 'epoch' })).toBe(start)
      }),
      { numRuns: 200 },
    )
  })
})
