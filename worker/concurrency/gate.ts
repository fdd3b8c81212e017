// gate
//
// What happens at one gate, whatever its kind: an execution comes, leaves, or is notified of how it stands; time passes. Pure:
// the shell stores the line, keeps the time and sends the messages.
//
//   G1. Coming twice is coming once: an execution that has a place is answered with how it stands.
//   G2. Messages that are still to be sent stand in the line, so a fresh process sends them again.
//   G3. While others want their places, executions inside are asked now and then whether they are still there: a message that
//       is lost for good costs time and no place.

import type { Failure } from '../contract/failure.ts'
import { unreachable } from '../lib/unreachable.ts'
import { debounce, letDue } from './debounce.ts'
import { letIn, limitRunning } from './limit-running.ts'
import {
  executionIn,
  insideCountOf,
  insideOf,
  put,
  waitingCountOf,
  type Answer,
  type Comer,
  type Line,
  type Place,
} from './line.ts'
import type { GateSettings } from './settings.ts'
import { letInByTurns, limitOf, sharePlaces } from './share-places.ts'
import { letStart, nextStartAt, throttle } from './throttle.ts'

/** A message for an execution at the gate. */
export type Order = { id: string } & ({ kind: 'pass' } | { kind: 'refuse' | 'leave'; failure: Failure })

/** How long an execution inside counts as there before it is asked, in ms: while others want its place, and while none does. */
export const leaseMs = 300_000
export const quietLeaseMs = 86_400_000
/** One that could not be asked is asked again after so long, in ms. */
export const askAgainMs = 30_000

/** Takes in who comes, by the settings of its version. `now` is epoch ms. */
export function offer(line: Line, settings: GateSettings, comer: Comer, now: number): Answer {
  line.settings = latestOf(line.settings, settings)
  const known = line.places.get(comer.id)
  if (known !== undefined && comer.isBack !== true) return answerTo(line, known)
  // An execution is in one generation at a time.
  const other = line.places.idOf(executionIn(comer.id))
  if (other !== undefined && other !== comer.id) leave(line, other, now)
  return enter(line, line.settings, comer, now)
}

function enter(line: Line, settings: GateSettings, comer: Comer, now: number): Answer {
  switch (settings.gate) {
    case 'debounce':
      return debounce(line, settings, comer, now)
    case 'throttle':
      return throttle(line, settings, comer, now)
    case 'concurrency':
      return limitRunning(line, settings, comer, now)
    case 'organization':
    case 'installation':
      return sharePlaces(line, settings, comer, now)
    default:
      return unreachable(settings)
  }
}

/** Other settings hold from now on. `now` is epoch ms. */
export function adjust(line: Line, settings: GateSettings, now: number): void {
  line.settings = latestOf(line.settings, settings)
  moveOn(line, now)
}

/** It is over, or does not want in any more. Who has no place changes nothing. */
export function leave(line: Line, id: string, now: number): void {
  line.places.delete(id)
  moveOn(line, now)
}

/** What follows by itself at `now` (epoch ms). */
export function moveOn(line: Line, now: number): void {
  const { settings } = line
  switch (settings.gate) {
    case 'debounce':
      return letDue(line, now)
    case 'throttle':
      return letStart(line, settings, now)
    case 'concurrency':
      letIn(line, settings, now)
      if (insideOf(line).length < settings.limit) line.pressed = false
      return
    case 'organization':
    case 'installation':
      letInByTurns(line, settings, now)
      if (insideCountOf(line) < limitOf(settings)) line.pressed = false
      return
    default:
      return unreachable(settings)
  }
}

/** What is still to be said, to whom. */
export function ordersOf({ places }: Line): Order[] {
  const orders: Order[] = []
  for (const { id, standing, failure } of places.untold()) {
    if (failure === undefined) orders.push({ id, kind: 'pass' })
    else orders.push({ id, kind: standing === 'inside' ? 'leave' : 'refuse', failure })
  }
  return orders
}

/** The execution has heard an order. `now` is epoch ms. */
export function heard(line: Line, { id, kind }: Order, now: number): void {
  const place = line.places.get(id)
  if (place === undefined) return
  if (place.standing !== 'inside') line.places.delete(id)
  // Meanwhile it may have been told to leave: that is another order.
  else if ((kind === 'leave') === (place.failure !== undefined)) put(line, { ...place, told: true, seenAt: now })
}

/** Those inside who are to be asked whether they still are, at `now` (epoch ms). */
export function suspects(line: Line, now: number): Place[] {
  const lease = leaseOf(line)
  return insideOf(line).filter(({ seenAt = 0 }) => seenAt + lease <= now)
}

/** It says that it is there. `now` is epoch ms. */
export function seen(line: Line, id: string, now: number): void {
  const place = line.places.get(id)
  if (place?.standing === 'inside') put(line, { ...place, seenAt: now })
}

/** It could not be asked, and keeps its place until it can be. `now` is epoch ms. */
export function notReached(line: Line, id: string, now: number): void {
  seen(line, id, now - leaseOf(line) + askAgainMs)
}

/** When something follows by itself, in epoch ms; null when nothing does before somebody comes or leaves. */
export function nextMoveAt(line: Line): number | null {
  const { settings } = line
  if (settings.gate === 'debounce') return waitingCountOf(line) > 0 ? line.dueAt : null
  if (settings.gate === 'throttle') return waitingCountOf(line) > 0 ? nextStartAt(line, settings) : null
  let first = Infinity
  for (const { seenAt = 0 } of line.places.inside()) first = Math.min(first, seenAt)
  return first === Infinity ? null : first + leaseOf(line)
}

function leaseOf(line: Line): number {
  return line.pressed || waitingCountOf(line) > 0 ? leaseMs : quietLeaseMs
}

/** Settings of a gate that many share come from many places, and some of them are behind. */
function latestOf(known: GateSettings, given: GateSettings): GateSettings {
  if (known.gate !== 'organization' || given.gate !== 'organization') return given
  return given.revision < known.revision ? known : given
}

/** Whether nobody is there, but for those who were let through as they came. */
export function nobodyStands({ places }: Pick<Line, 'places'>): boolean {
  for (const { standing, told } of places.values()) if (standing !== 'passed' || !told) return false
  return true
}

/** Whether nothing would be lost if the line were forgotten at `now` (epoch ms). */
export function isIdle({ places, starts, settings }: Line, now: number): boolean {
  return nobodyStands({ places }) && (settings.gate !== 'throttle' || starts.every((at) => at <= now - settings.perMs))
}

function answerTo(line: Line, place: Place): Answer {
  switch (place.standing) {
    case 'waiting':
      return { kind: 'waiting' }
    case 'inside':
      if (place.failure === undefined && !place.told) put(line, { ...place, told: true })
      return { kind: 'passed' }
    case 'passed':
      // Of one that was let through as it came nothing is to be said: it is kept for as long as its start counts.
      if (!place.told) line.places.delete(place.id)
      return { kind: 'passed' }
    case 'refused':
      line.places.delete(place.id)
      return { kind: 'refused', failure: place.failure! }
    default:
      return unreachable(place.standing)
  }
}
