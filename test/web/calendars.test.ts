import { describe, expect, test } from 'vitest'
import { weekdays as wire } from '#contract/facts/calendar.ts'
import { weekdays } from '../../worker/calendar/weekdays.ts'
import { calendarProblems } from '../../web/src/lib/calendars/calendar-problems.ts'
import { openingAt, weekWords } from '../../web/src/lib/calendars/calendar-words.ts'

const nineToFive = [{ from: '09:00', to: '17:00' }]

test('a week here is a week on the wire', () => {
  expect(weekdays).toEqual(wire)
})

test.each([
  [{}, 'Never open'],
  [{ mon: [], tue: [] }, 'Never open'],
  [{ mon: nineToFive, tue: nineToFive, wed: nineToFive, thu: nineToFive, fri: nineToFive }, 'Mon–Fri 09:00–17:00'],
  [
    {
      mon: nineToFive,
      tue: nineToFive,
      thu: nineToFive,
      sun: [
        { from: '10:00', to: '12:00' },
        { from: '13:00', to: '24:00' },
      ],
    },
    'Mon–Tue 09:00–17:00, Thu 09:00–17:00, Sun 10:00–12:00 and 13:00–24:00',
  ],
])('%j reads “%s”', (weekly, words) => {
  expect(weekWords(weekly)).toBe(words)
})

test('says whether it is open, and when it opens', () => {
  const rules = { timeZone: 'Europe/Amsterdam', weekly: { mon: nineToFive }, exceptions: [] }
  const monday = Date.parse('2026-06-01T07:00:00Z')
  expect(openingAt(rules, monday)).toEqual({ isOpen: true, opensAt: monday })
  expect(openingAt(rules, monday - 60_000)).toEqual({ isOpen: false, opensAt: monday })
  expect(openingAt({ ...rules, weekly: {} }, monday)).toBeUndefined()
})

describe('a calendar’s form', () => {
  const good = { name: 'Office', timeZone: 'UTC', weekly: { mon: nineToFive }, exceptions: [] }
  const holiday = { date: '2026-12-25', everyYear: true, name: '', hours: [] }

  test('lets through what the server takes', () => {
    expect(calendarProblems({ ...good, exceptions: [holiday] })).toEqual({})
  })

  test.each([
    [{ name: ' ' }, 'name'],
    [{ timeZone: 'Amsterdam' }, 'timeZone'],
    [{ weekly: { tue: [{ from: '17:00', to: '09:00' }] } }, 'hours'],
    [{ weekly: { tue: [{ from: '', to: '09:00' }] } }, 'hours'],
    [{ exceptions: [{ ...holiday, date: '' }] }, 'days'],
    [{ exceptions: [{ ...holiday, hours: [{ from: '09:00', to: '09:00' }] }] }, 'days'],
  ])('%j is told of at %s', (change, part) => {
    expect(Object.keys(calendarProblems({ ...good, ...change }))).toEqual([part])
  })
})
