// taps
//
// Who listens at hooks for something to test with. They are kept by the inbox, which every request that is taken visits anyway: while
// there is no tap, no event costs more for it.
//
//   L1. In memory only. After a restart of the inbox nobody listens; whoever waits is told so, and listens anew.
//   L2. A tap listens while its owner asks. One that was not asked for a while is over: whoever left the builder is not said
//       to have received anything.
//   L3. A tap receives one request. Of what is refused it keeps what the sender was told, never what was in it.

import type { HookKey, TapId } from '../../contract/id.ts'
import type { TapNews, TapRefusal } from '../../contract/tap.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
import type { WebhookSettings } from '../../triggers/webhook/index.ts'
import type { TapPlace, TapQuestion, TapWish } from '../../usecases/taps/ports.ts'

/** How long a tap listens without being asked, in ms: a little more than one may need to ask again. */
const leaseMs = 10_000
/** Taps at a time in an inbox: each may hold a body of 1 MB. */
const maxTaps = 20
/** Refusals that a tap keeps. */
const maxRefusals = 10

/** A request that was taken. */
export interface Heard {
  /** Epoch ms. */
  at: number
  outcome: Extract<TapNews, { state: 'received' }>['outcome']
  trigger: WebhookTrigger
}

interface OpenTap {
  hookKey: HookKey
  settings: WebhookSettings
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

  open({ id, hookKey, settings, until }: TapWish, now: number): void {
    this.#forget(now)
    // The oldest makes room: whoever holds it is told that it is over.
    for (const oldest of this.#open.keys()) if (this.#open.size >= maxTaps) this.#drop(oldest)
    this.#open.set(id, { hookKey, settings, until, askedUntil: now + leaseMs, refused: [], wake: new Set() })
  }

  close({ id, hookKey }: TapPlace): void {
    if (this.#open.get(id)?.hookKey === hookKey) this.#drop(id)
  }

  /** The hooks at which somebody listens. */
  hooks(now: number): Set<HookKey> {
    this.#forget(now)
    return new Set([...this.#listening()].map(({ hookKey }) => hookKey))
  }

  /** How a hook receives according to whoever listens there; undefined: nobody does. */
  settingsAt(hookKey: HookKey, now: number): WebhookSettings | undefined {
    this.#forget(now)
    return this.#at(hookKey).at(-1)?.settings
  }

  /** Gives a request to those who listen. False: there was nobody. */
  hear(hookKey: HookKey, heard: Heard): boolean {
    this.#forget(heard.at)
    const taps = this.#at(hookKey)
    for (const tap of taps) {
      tap.heard = heard
      wake(tap)
    }
    return taps.length > 0
  }

  /** Says to those who listen that a request was not taken. */
  refuse(hookKey: HookKey, refusal: TapRefusal): void {
    for (const tap of this.#at(hookKey)) {
      tap.refused = [...tap.refused, refusal].slice(-maxRefusals)
      wake(tap)
    }
  }

  /** What has come to a tap, when something has that is new or the time is over. Undefined: there is no such tap. */
  async wait({ id, hookKey, settings, after, timeoutMs }: TapQuestion): Promise<TapNews | undefined> {
    const now = Date.now()
    this.#forget(now)
    const tap = this.#open.get(id)
    if (tap === undefined || tap.hookKey !== hookKey) return undefined
    if (settings !== undefined) tap.settings = settings
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

  #at(hookKey: HookKey): OpenTap[] {
    return [...this.#listening()].filter((tap) => tap.hookKey === hookKey)
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
