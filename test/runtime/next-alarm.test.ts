import { describe, expect, test } from 'vitest'
import { isArmed } from '../../worker/runtime/is-armed.ts'
import { holdMs, lookAfterMs, nextAlarm, type AlarmFacts } from '../../worker/runtime/execution/next-alarm.ts'

const now = 1_000_000
const waiting: AlarmFacts = {
  now,
  wakeAt: now + 5_000_000,
  busy: false,
  finishedAt: null,
  backed: false,
  recorded: true,
}

describe('when an execution wants to be woken', () => {
  test('at the instant it waits for, or within the hour', () => {
    expect(nextAlarm({ ...waiting, wakeAt: now + 500 })).toBe(now + 500)
    expect(nextAlarm(waiting)).toBe(now + holdMs)
  })

  test('soon, while a call is in flight: a dead process is noticed before the call times out', () => {
    expect(nextAlarm({ ...waiting, busy: true })).toBe(now + lookAfterMs)
  })

  test('not at all for a call that the inbox stands behind', () => {
    expect(nextAlarm({ ...waiting, busy: true, backed: true })).toBe('unarmed')
    expect(nextAlarm({ ...waiting, backed: true })).toBe(now + holdMs)
  })

  test('for what is due beside such a call, before the object looks by itself', () => {
    expect(nextAlarm({ ...waiting, wakeAt: now + 500, busy: true, backed: true })).toBe(now + 500)
  })

  test('soon, while D1 does not have it', () => {
    expect(nextAlarm({ ...waiting, recorded: false })).toBe(now + lookAfterMs)
    expect(nextAlarm({ ...waiting, wakeAt: null, finishedAt: now, recorded: false })).toBe(now + lookAfterMs)
  })

  test('never, once it has finished and D1 has it: whoever sweeps erases it', () => {
    expect(nextAlarm({ ...waiting, wakeAt: null, finishedAt: now - 1_000 })).toBe('never')
    expect(nextAlarm({ ...waiting, wakeAt: null, finishedAt: now - 1_000, recorded: false })).toBe(now + lookAfterMs)
  })
})

test('an alarm serves for what is due no sooner, unless it should have rung long ago', () => {
  expect(isArmed(null, now + 5, now)).toBe(false)
  expect(isArmed(now + 5, now + 5, now)).toBe(true)
  expect(isArmed(now + 6, now + 5, now)).toBe(false)
  expect(isArmed(now - 1_000, now + 5, now)).toBe(true)
  expect(isArmed(now - 60_000, now + 5, now)).toBe(false)
})
