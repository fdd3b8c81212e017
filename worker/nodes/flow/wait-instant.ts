// wait-instant
//
// When a wait is over: pure, from its params, the instant at which the step begins, and the calendars that the
// execution was given. The engine records what comes out, so it is decided once.

import { addOpenDays, addOpenTime, nextOpening } from '../../calendar/business-time.ts'
import { parseClockTime } from '../../calendar/clock-time.ts'
import { nextWeekdayTime } from '../../calendar/next-weekday.ts'
import { endOfQuiet } from '../../calendar/quiet-hours.ts'
import { randomDelay } from '../../calendar/random-delay.ts'
import { readyCalendar, type ReadyCalendar } from '../../calendar/ready-calendar.ts'
import { instantAt, isZone } from '../../calendar/zone-time.ts'
import type { StepFailure, Scope } from '../../engine/behaviour.ts'
import { parseDuration } from '../../lib/duration.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { invalidParam } from '../params/parse-params.ts'
import type { Surroundings } from '../surroundings.ts'
import { drawnBy } from './drawn-by.ts'
import { parseInstant } from './parse-instant.ts'
import type { WaitParams } from './wait-params.ts'
import { contactZone, organizationZone } from './wait-zone.ts'

/** As long as an execution may last. */
export const maxWaitMs = 365 * 86_400_000

export interface WaitQuestion {
  params: WaitParams
  scope: Scope
  /** The step it is asked for: a random wait is drawn by it. */
  path: string
  surroundings: Surroundings
}

/** Epoch ms. Throws `StepFailure` that names the param when there is no such instant. */
export function waitInstant(question: WaitQuestion): number {
  const { params, scope } = question
  const instant = decide(question)
  if (instant - scope.now > maxWaitMs) throw invalidParam(params.mode, tooLong)
  return instant
}

export const tooLong = 'is more than 365 days away, which is the longest a workflow can wait'

function decide(question: WaitQuestion): number {
  const { params, scope, path } = question
  const { now } = scope
  switch (params.mode) {
    case 'duration':
      return now + lengthOf('duration', params.duration)
    case 'until':
      return dateIn(params.until, zoneOf(question))
    case 'weekday': {
      const minutes = minutesOf('time', params.time)
      const instant = nextWeekdayTime({ zone: zoneOf(question), weekdays: params.weekdays, minutes }, now)
      return instant ?? refuse('weekdays', noWeekday)
    }
    case 'businessHours':
      return businessInstant(question) ?? refuse('calendar', 'does not open within two years')
    case 'quietHours': {
      const quiet = {
        zone: zoneOf(question),
        weekdays: params.quietDays,
        from: minutesOf('quietFrom', params.quietFrom),
        to: minutesOf('quietTo', params.quietTo),
      }
      return endOfQuiet(quiet, now) ?? refuse('quietTo', alwaysQuiet)
    }
    case 'random': {
      const minMs = lengthOf('atLeast', params.atLeast)
      const maxMs = lengthOf('atMost', params.atMost)
      if (maxMs < minMs) throw invalidParam('atMost', lessThanLeast)
      return now + randomDelay(`${drawnBy(scope)}|${path}`, { minMs, maxMs })
    }
    default:
      return unreachable(params.mode)
  }
}

export const noWeekday = 'needs at least one weekday'
export const alwaysQuiet = 'leaves no time that is not quiet'
export const lessThanLeast = 'must not be less than the least'

function businessInstant(question: WaitQuestion): number | null {
  const { params, scope } = question
  const calendar = calendarOf(question)
  switch (params.count) {
    case 'none':
      return nextOpening(calendar, scope.now)
    case 'hours':
      return addOpenTime(calendar, scope.now, Math.round(params.amount * 3_600_000))
    case 'days':
      return addOpenDays(calendar, scope.now, Math.ceil(params.amount))
    default:
      return unreachable(params.count)
  }
}

function calendarOf({ params, scope, surroundings }: WaitQuestion): ReadyCalendar {
  const { default: standard, calendars } = surroundings.calendars
  const id = params.calendar === '' ? standard : params.calendar
  const rules = id !== null && Object.hasOwn(calendars, id) ? calendars[id] : undefined
  if (rules === undefined) throw invalidParam('calendar', noCalendar(params.calendar))
  return readyCalendar(rules, (params.hoursIn === 'contact' ? contactZone(scope) : undefined) ?? rules.timeZone)
}

/** Why there is no calendar of this id, as the second half of a sentence; the empty id is the default. */
export function noCalendar(id: string): string {
  return id === ''
    ? 'cannot be the organization’s default: there is no business calendar yet'
    : 'is no calendar of this organization any more'
}

function zoneOf({ params, scope, surroundings }: WaitQuestion): string {
  switch (params.zone) {
    case 'fixed':
      if (!isZone(params.timeZone)) throw invalidParam(params.mode, noZone(params.timeZone))
      return params.timeZone
    case 'contact':
      return contactZone(scope) ?? organizationZone(surroundings)
    case 'organization':
      return organizationZone(surroundings)
    default:
      return unreachable(params.zone)
  }
}

/** Why this is no time zone, as the second half of a sentence. */
export function noZone(timeZone: string): string {
  return `has an unknown time zone: "${timeZone.slice(0, 80)}"`
}

/** The instant of a date; one that does not say its offset is one of the zone's clocks. */
function dateIn(text: string, zone: string): number {
  const asUtc = parseInstant(text, 'UTC')
  if (asUtc === null) throw invalidParam('until', noDate(text))
  const saysItsOffset = parseInstant(text, '+01:00') === asUtc
  return saysItsOffset ? asUtc : instantAt(zone, asUtc)
}

/** Why this is no date, as the second half of a sentence. */
export function noDate(text: string): string {
  return text.trim() === '' ? 'is missing' : `is no date: "${text.slice(0, 80)}"`
}

function lengthOf(param: 'duration' | 'atLeast' | 'atMost', text: string): number {
  return durationMs(text) ?? refuse(param, noDuration(text))
}

/** A span of time as people write it; a number alone is seconds. Null for none. */
export function durationMs(text: string): number | null {
  return (/^\s*\d+(?:\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : parseDuration(text)) ?? null
}

/** Why this is no span of time, as the second half of a sentence. */
export function noDuration(text: string): string {
  return text.trim() === '' ? 'is missing' : `is no span of time such as 2 hours: “${text.slice(0, 80)}”`
}

function minutesOf(param: 'time' | 'quietFrom' | 'quietTo', text: string): number {
  return parseClockTime(text) ?? refuse(param, noTime(text))
}

/** Why this is no time of day, as the second half of a sentence. */
export function noTime(text: string): string {
  return text.trim() === '' ? 'is missing' : `is no time, such as 09:00: "${text.slice(0, 80)}"`
}

function refuse(param: string, what: string): never {
  throw invalidParam(param, what) satisfies StepFailure
}
