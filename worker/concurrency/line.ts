// line: who stands at one gate, and how
//
//   L1. Plain data. Whoever decides changes it in place and puts a new `Place` where one changed, so that a shell sees by
//       identity what it has to store.
//   L2. Who waits is let through in the order in which the events were accepted, whatever way they came.
//   L3. Nobody is forgotten before it knows how it stands, and nobody inside before it says that it has left, or is not
//       there any more.

import type { Failure } from '../contract/failure.ts'
import type { GateSettings } from './settings.ts'

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
}

export interface Line {
  settings: GateSettings
  readonly places: Map<string, Place>
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
}

export function newLine(settings: GateSettings): Line {
  return { settings, places: new Map(), nextSeq: 1, starts: [], firstAt: null, dueAt: null, pressed: false }
}

/** The first is the next. */
export function waitingIn({ places }: Line): Place[] {
  return [...places.values()].filter(({ standing }) => standing === 'waiting').toSorted(byAge)
}

export function insideOf({ places }: Line): Place[] {
  return [...places.values()].filter(({ standing }) => standing === 'inside')
}

export function byAge(one: Pick<Place, 'at' | 'seq'>, other: Pick<Place, 'at' | 'seq'>): number {
  return one.at - other.at || one.seq - other.seq
}

/** A place for who comes. */
export function placeFor(line: Line, { id, at }: Comer): Place {
  return { id, at, seq: line.nextSeq++, standing: 'waiting', told: true }
}

export function put(line: Line, place: Place): void {
  line.places.set(place.id, place)
}

/** The execution that an id names, without its generation. */
export function executionIn(id: string): string {
  return id.slice(0, id.indexOf('/'))
}

/** Why somebody is turned away; `by` is the execution that stands in its place. */
export function refusal(code: string, message: string, by?: string): Failure {
  return { kind: 'terminal', code, message, ...(by !== undefined && { details: { by } }) }
}
