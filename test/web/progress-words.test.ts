import { describe, expect, test } from 'vitest'
import type { Estimate } from '#contract/progress.ts'
import { basisWords, stepWords, timeWords } from '#lib/executions/progress-words.ts'
import { formatAbout } from '#lib/ui/format-time.ts'

const minute = 60_000
const exactly = (value: number): Estimate => ({ likely: value, from: value, to: value })
const around = (likely: number): Estimate => ({ likely, from: likely / 4, to: likely * 3 })

test('says the steps as surely as they are known', () => {
  expect(stepWords({ done: 4, expected: exactly(9) })).toBe('4 of 9 steps')
  expect(stepWords({ done: 4, expected: { likely: 9, from: 7, to: 12 } })).toBe('4 of about 9 steps')
  expect(stepWords({ done: 1_204, expected: exactly(3_001) })).toBe('1,204 of 3,001 steps')
  expect([0, 1, 4].map((done) => stepWords({ done, expected: null }))).toEqual([
    '0 steps done',
    '1 step done',
    '4 steps done',
  ])
})

describe('what remains', () => {
  test('goes down as time goes by, and never below nothing', () => {
    const progress = { remainingMs: exactly(2 * minute) }
    expect(timeWords(progress, 0)).toBe('about 2 min left')
    expect(timeWords(progress, minute)).toBe('about 1 min left')
    expect(timeWords(progress, 110_000)).toBe('about 10 s left')
    expect(timeWords(progress, 117_000)).toBe('a few seconds left')
    expect(timeWords(progress, 10 * minute)).toBe('about to end')
  })

  test('is not said where nobody can', () => {
    expect(timeWords({ remainingMs: null, note: 'no_history' }, 0)).toBeUndefined()
    expect(timeWords({ remainingMs: null, note: 'paused' }, 0)).toBeUndefined()
    expect(timeWords({ remainingMs: exactly(0), note: 'longer_than_usual' }, 0)).toBe('longer than usual already')
  })

  test('says on what it depends', () => {
    const remainingMs = around(2 * 60 * minute)
    expect(timeWords({ remainingMs, note: 'approval' }, 0)).toBe(
      'about 2 h left, if the decision takes as long as others did',
    )
    expect(timeWords({ remainingMs, note: 'event' }, 0)).toBe('about 2 h left, if the event comes as others did')
    expect(timeWords({ remainingMs: null, note: 'approval' }, 0)).toBe('goes on when somebody decides')
    expect(timeWords({ remainingMs: exactly(1_500), note: 'event' }, 2_000)).toBe('goes on when the event comes')
  })
})

test('says what it was learned from, and between what it lies', () => {
  const learned = { source: 'history', executions: 12, versionNumber: 3, sameVersion: true } as const
  expect(basisWords({ basedOn: learned, remainingMs: exactly(minute) })).toBe('Learned from 12 executions before it.')
  expect(basisWords({ basedOn: learned, remainingMs: around(2 * minute) })).toBe(
    'Learned from 12 executions before it; most took 30 s to 6 min from here.',
  )
  expect(
    basisWords({ basedOn: { ...learned, executions: 1, versionNumber: 2, sameVersion: false }, remainingMs: null }),
  ).toBe('Learned from one execution of version 2, as none of this one has completed.')
  expect(basisWords({ basedOn: { source: 'graph' }, remainingMs: null, note: 'no_history' })).toContain('one way')
  expect(basisWords({ basedOn: null, remainingMs: null, note: 'no_history' })).toContain('There are none yet')
  expect(basisWords({ basedOn: null, remainingMs: null, note: 'new_ground' })).toContain('None of the executions')
})

test('lengths that nobody knows exactly are said in one unit', () => {
  const lengths = [
    0,
    7_000,
    8_000,
    42_000,
    58_000,
    90_000,
    59.6 * minute,
    100 * minute,
    5 * 60 * minute,
    50 * 60 * minute,
  ]
  expect(lengths.map(formatAbout)).toEqual([
    'a few seconds',
    'a few seconds',
    '10 s',
    '40 s',
    '1 min',
    '2 min',
    '1 h',
    '1 h 40 min',
    '5 h',
    '2 d',
  ])
})
