// line: who stands at one gate, and how
//
//   L1. Plain data. Decisions change it in place and put a new `Place` where one changed, so that the shell sees by identity
//       what it has to store.
//   L2. Executions are let through in the order in which their events were accepted, in whatever order they came here.
//   L3. No place is dropped before its execution knows how it stands, and none inside before its execution has left, or is
//       found to be gone.

import type { Failure } from '../contract/failure.ts'
import { Places } from './places.ts'
import type { GateSettings } from './settings.ts'

export { byAge, executionIn } from './places.ts'

/** An execution at a gate. */
export interface Place {
  /** Names one generation of an execution: `exe_…/1`. */
  readonly id: string
  /** Epoch ms: when its event was accepted. */
  readonly at: number
  /** The order in which they came here. */
  readonly seq: number
  /** `inside`: it was let in, and has its place until it leaves. `passed`: it was let through, and owes nothing. */
  readonly standing: 'waiting' | 'inside' | 'passed' | 'refused'
  /** Why it was refused; of one inside, why it is to leave. */
  readonly failure?: Failure
  /** It knows how it stands. */
  readonly told: boolean
  /** Of one inside: when it was last known to be there, in epoch ms. */
  readonly seenAt?: number
  /** Of a gate that many share: whose it is, by organization and workflow. */
  readonly party?: string
  readonly lane?: string
}

export interface Line {
  settings: GateSettings
  readonly places: Places
  nextSeq: number
  /** Of a throttle: when it let through, within its time, the oldest first. */
  starts: number[]
  /** Of a debounce: when the first of those came that one stands for. */
  firstAt: number | null
  /** Of a debounce: when the one that waits goes on. */
  dueAt: number | null
  /** Somebody was turned away for want of a place: it is worth asking whether those inside are still there. */
  pressed: boolean
}

export type Answer = { kind: 'passed' } | { kind: 'waiting' } | { kind: 'refused'; failure: Failure }

/** Who comes: `at` is when its event was accepted, in epoch ms. */
export interface Comer {
  id: string
  at: number
  /** At a gate that many share: its organization and workflow; and whether it was let in before, and goes on now. */
  party?: string
  lane?: string
  isBack?: boolean
}

/** A gate at which nobody stands. */
export function newLine(settings: GateSettings): Line {
  return { settings, places: new Places(), nextSeq: 1, starts: [], firstAt: null, dueAt: null, pressed: false }
}

/** The first is the next. */
export function waitingIn({ places }: Line): Place[] {
  return places.waiting()
}

/** Those who have a place, in no order. */
export function insideOf({ places }: Line): Place[] {
  return [...places.inside()]
}

/** How many wait, counted without looking at each. */
export function waitingCountOf({ places: { parties } }: Line): number {
  let count = 0
  for (const { waiting } of parties.flows.values()) count += waiting
  return count
}

/** How many have a place. */
export function insideCountOf({ places }: Line): number {
  return places.insideCount
}

/** A place for who comes. */
export function placeFor(line: Line, { id, at, party, lane }: Comer): Place {
  const whose = { ...(party !== undefined && { party }), ...(lane !== undefined && { lane }) }
  return { id, at, seq: line.nextSeq++, standing: 'waiting', told: true, ...whose }
}

/** Puts a place in, or one in the stead of that with the same id. */
export function put(line: Line, place: Place): void {
  line.places.set(place)
}

/** Why somebody is turned away; `by` is the execution that stands in its place. */
export function refusal(code: string, message: string, by?: string): Failure {
  return { kind: 'terminal', code, message, ...(by !== undefined && { details: { by } }) }
}
