// taps
//
// Who listens at hooks, and for events, for something to test with. They are kept by the inbox, which all that is taken visits anyway:
// while there is no tap, no event costs more for it.
//
//   L1. In memory only. After a restart of the inbox nobody listens; whoever waits is told so, and listens anew.
//   L2. A tap listens while its owner asks. One that was not asked for a while is over: whoever left the builder is not said
//       to have received anything.
//   L3. A tap receives one request or event. Of what is refused it keeps what the sender was told, never what was in it.

import type { HookKey, TapId } from '../../contract/id.ts'
import type { TapNews, TapRefusal } from '../../contract/tap.ts'
import { matchesEventType } from '../../triggers/event-match.ts'
import type { WebhookSettings } from '../../triggers/webhook/index.ts'
import type { Hears, TapPlace, TapQuestion, TapWish } from '../../usecases/taps/ports.ts'

/** How long a tap listens without being asked, in ms: a little more than one may need to ask again. */
const leaseMs = 10_000
/** Taps at a time in an inbox: each may hold a body of 1 MB. */
const maxTaps = 20
/** Refusals that a tap keeps. */
const maxRefusals = 10

type Received = Extract<TapNews, { state: 'received' }>

/** A request or an event that was taken. `at` is epoch ms. */
export interface Heard extends Pick<Received, 'outcome' | 'trigger'> {
  at: number
}

/** How something came: to a hook, or as an event of a type. */
export type Arrival = { hookKey: HookKey } | { eventType: string }

interface OpenTap {
  place: TapPlace['place']
  hears: Hears
  /** Epoch ms, as all times here. */
  until: number
  askedUntil: number
  refused: TapRefusal[]
  heard?: Heard
  /** Tells those who wait that there is news. */
  wake: Set<() => void>
}

export class Taps {
  readonly #open = new Map<TapId, OpenTap>()

  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  open({ id, place, hears, until }: TapWish, now: number): void {
    this.#forget(now)
    // The oldest makes room: whoever holds it is told that it is over.
    for (const oldest of this.#open.keys()) if (this.#open.size >= maxTaps) this.#drop(oldest)
    this.#open.set(id, { place, hears, until, askedUntil: now + leaseMs, refused: [], wake: new Set() })
  }

  close({ id, place }: TapPlace): void {
    if (this.#open.get(id)?.place === place) this.#drop(id)
  }

  /** The hooks at which somebody listens, and whether somebody listens for events. */
  awaited(now: number): { hooks: Set<HookKey>; events: boolean } {
    this.#forget(now)
    const heard = [...this.#listening()].map(({ hears }) => hears)
    return {
      hooks: new Set(heard.flatMap((hears) => (hears.kind === 'hook' ? [hears.hookKey] : []))),
      events: heard.some(({ kind }) => kind === 'event'),
    }
  }

  /** How a hook receives according to whoever listens there; undefined: nobody does. */
  settingsAt(hookKey: HookKey, now: number): WebhookSettings | undefined {
    this.#forget(now)
    const hears = this.#for({ hookKey }).at(-1)?.hears
    return hears?.kind === 'hook' ? hears.settings : undefined
  }

  /** Gives what was taken to those who listen. False: there was nobody. */
  hear(arrival: Arrival, heard: Heard): boolean {
    this.#forget(heard.at)
    const taps = this.#for(arrival)
    for (const tap of taps) {
      tap.heard = heard
      wake(tap)
    }
    return taps.length > 0
  }

  /** Says to those who listen that something was not taken. */
  refuse(arrival: Arrival, refusal: TapRefusal): void {
    for (const tap of this.#for(arrival)) {
      tap.refused = [...tap.refused, refusal].slice(-maxRefusals)
      wake(tap)
    }
  }

  /** What has come to a tap, when something has that is new or the time is over. Undefined: there is no such tap. */
  async wait({ id, place, hears, after, timeoutMs }: TapQuestion): Promise<TapNews | undefined> {
    const now = Date.now()
    this.#forget(now)
    const tap = this.#open.get(id)
    if (tap === undefined || tap.place !== place) return undefined
    if (hears !== undefined) tap.hears = hears
    const waitMs = Math.min(timeoutMs, tap.until - now)
    tap.askedUntil = Math.max(tap.askedUntil, now + waitMs + leaseMs)
    if (tap.heard === undefined && !hasRefusedSince(tap, after)) await news(tap, waitMs)
    return this.#present(id, tap)
  }

  #present(id: TapId, { refused, heard, until }: OpenTap): TapNews {
    if (heard !== undefined) {
      const { at, outcome, trigger } = heard
      return { state: 'received', refused, receivedAt: new Date(at).toISOString(), outcome, trigger }
    }
    if (!this.#open.has(id) || until <= Date.now()) return { state: 'over', refused }
    return { state: 'listening', refused, expiresAt: new Date(until).toISOString() }
  }

  *#listening(): Iterable<OpenTap> {
    for (const tap of this.#open.values()) if (tap.heard === undefined) yield tap
  }

  #for(arrival: Arrival): OpenTap[] {
    return [...this.#listening()].filter(({ hears }) => isHeard(hears, arrival))
  }

  /** Drops the taps whose time is over (L2). What one has received can be asked for as long as it would have listened. */
  #forget(now: number): void {
    for (const [id, { until, askedUntil }] of this.#open) if (Math.min(until, askedUntil) <= now) this.#drop(id)
  }

  #drop(id: TapId): void {
    const tap = this.#open.get(id)
    this.#open.delete(id)
    if (tap !== undefined) wake(tap)
  }
}

function isHeard(hears: Hears, arrival: Arrival): boolean {
  if (hears.kind === 'hook') return 'hookKey' in arrival && arrival.hookKey === hears.hookKey
  return 'eventType' in arrival && matchesEventType(hears.eventType, arrival.eventType)
}

function hasRefusedSince({ refused }: OpenTap, after: number): boolean {
  return refused.some(({ at }) => Date.parse(at) > after)
}

/** Resolves when the tap is woken, or after so many ms. */
function news({ wake: waiting }: OpenTap, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done() {
      waiting.delete(done)
      clearTimeout(timer)
      resolve()
    }
    waiting.add(done)
  })
}

function wake({ wake: waiting }: OpenTap): void {
  for (const done of waiting) done()
}
