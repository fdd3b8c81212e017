import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../worker/lib/duration.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

describe('a length of time', () => {
  test.each([
    ['2 days', 2 * day],
    ['24 hours', day],
    ['1 hour', hour],
    ['90s', 90 * second],
    ['1h30m', 90 * minute],
    ['1h 30m', 90 * minute],
    ['1 day and 2 hours', day + 2 * hour],
    ['1 week, 3 days', 10 * day],
    ['1.5 hours', 90 * minute],
    ['250ms', 250],
    ['  5 Minutes ', 5 * minute],
    ['0 s', 0],
    ['1 month', 30 * day],
    ['2 years', 730 * day],
    ['P1D', day],
    ['PT90M', 90 * minute],
    ['P1DT2H30M15S', day + 2.5 * hour + 15 * second],
    ['P2W', 14 * day],
    ['P1Y2M', 425 * day],
    ['PT0.5S', 500],
    ['pt5m', 5 * minute],
    [{ amount: 7, unit: 'days' }, 7 * day],
    [{ amount: '7', unit: 'Day' }, 7 * day],
    [{ amount: 1.5, unit: 'h' }, 90 * minute],
  ])('%j is %d ms', (value, ms) => {
    expect(parseDuration(value)).toBe(ms)
  })

  test.each([
    '',
    ' ',
    '5',
    'days',
    'two days',
    '-1 day',
    '1 dayz',
    '1 day 2',
    '1 day -2 h',
    '1,5 h',
    'P',
    'PT',
    'P1',
    'P1H',
    'PT1D',
    'P-1D',
    'P1DT',
    '1d,',
    '1d and',
    '101 years',
    '1e3 s',
    'Infinity s',
    '1 constructor',
    '1 __proto__',
    'x'.repeat(200),
    5_000,
    0,
    null,
    undefined,
    true,
    [],
    {},
    { amount: 5 },
    { unit: 'days' },
    { amount: -1, unit: 'days' },
    { amount: Number.NaN, unit: 'days' },
    { amount: Number.POSITIVE_INFINITY, unit: 's' },
    { amount: '', unit: 's' },
    { amount: '1e3', unit: 's' },
    { amount: 1, unit: 'toString' },
    { amount: 1, unit: 5 },
    { amount: null, unit: 's' },
  ])('%j is none', (value) => {
    expect(parseDuration(value)).toBeUndefined()
  })

  test('says the same in words, in ISO 8601 and as an object', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(23), fc.nat(59), fc.nat(59), (days, hours, minutes, seconds) => {
        const ms = days * day + hours * hour + minutes * minute + seconds * second
        expect(parseDuration(`${days} days ${hours} hours ${minutes} minutes ${seconds} seconds`)).toBe(ms)
        expect(parseDuration(`${days}d${hours}h${minutes}m${seconds}s`)).toBe(ms)
        expect(parseDuration(`P${days}DT${hours}H${minutes}M${seconds}S`)).toBe(ms)
        expect(parseDuration({ amount: days, unit: 'days' })).toBe(days * day)
      }),
      { numRuns: 200 },
    )
  })

  test('is a whole number from 0, or none, whatever the text', () => {
    const text = fc.array(
      fc.constantFrom('1', '2.5', ' ', 'd', 'h', 'P', 'T', 'M', 'and', ',', '-', 'days', '0', '.'),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(text, (parts) => {
        const ms = parseDuration(parts.join(''))
        expect(ms === undefined || (Number.isInteger(ms) && ms >= 0)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
