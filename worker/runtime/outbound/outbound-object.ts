// outbound-object
//
// The traffic of one organization, through one connection, to one host: its breaker and its pace. It knows storage, alarms
// and whom to notify; what becomes of a call is decided by `outbound/traffic.ts`.
//
//   O1. It is asked before a call where an isolate knows of trouble or of a limit, and not for each call to a healthy host.
//   O2. A change of the breaker and the letter about it are one write. The letter stays until it has arrived in the lists, in
//       the audit and as an event; one that arrives twice counts once.
//   O3. Where a breaker is closed by hand, the executions that wait are released a moment later, when no isolate takes it for
//       open any more; and once more for those that the database did not have by then.
//   O4. A host about which nothing is left to know leaves nothing behind.

import { DurableObject } from 'cloudflare:workers'
import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { newId } from '../../lib/id.ts'
import { Serial } from '../../lib/serial.ts'
import { isForgotten, type BreakerChange, type Settled } from '../../outbound/breaker.ts'
import {
  ask,
  close,
  hear,
  viewOf,
  type CallAnswer,
  type CallAsk,
  type HostView,
  type Traffic,
} from '../../outbound/traffic.ts'
import { isArmed } from '../is-armed.ts'
import { organizationOf, outboundIn } from '../names.ts'
import { releaseHeld } from './release-held.ts'
import { tellOfBreaker } from './tell-of-breaker.ts'
import { trafficTable, type TrafficTable } from './traffic-table.ts'

const retryTellingMs = 5_000
/** How often it is looked whether there is still something to know. */
const lookMs = 600_000
/** When those who wait are told that it was closed by hand, in ms: an isolate knows within a second, the database in a few. */
const releaseAfterMs = [1_200, 5_000] as const

export class OutboundObject extends DurableObject<Env> {
  readonly #table: TrafficTable = trafficTable(this.ctx.storage.sql)
  readonly #telling = new Serial()
  #armedAt: number | null | undefined

  /** Whether a call may be made now. `askText` is JSON text of a `CallAsk`. */
  ask(organizationId: OrganizationId, askText: string): { answer: CallAnswer; view: HostView } {
    this.#admitCaller(organizationId)
    const given = JSON.parse(askText) as CallAsk
    const at = Date.now()
    const { traffic, answer } = this.ctx.storage.transactionSync(() => {
      const before = this.#table.turnOf(given.by)
      const asked = ask(this.#table.traffic(), given, { at, promised: before })
      this.#table.promise(given.by, before, asked.promised)
      this.#keep(asked.traffic)
      return asked
    })
    return { answer, view: viewOf(traffic) }
  }

  /** What came of a call (JSON text of a `Settled` but for the instant), and what is known since. */
  settle(organizationId: OrganizationId, settled: string): HostView {
    this.#admitCaller(organizationId)
    const given = JSON.parse(settled) as Omit<Settled, 'at'>
    const { traffic, change } = hear(this.#table.traffic(), { ...given, at: Date.now() })
    this.ctx.storage.transactionSync(() => this.#keep(traffic, change))
    if (change !== null) this.ctx.waitUntil(this.#tell())
    return viewOf(traffic)
  }

  /** Closes the breaker by hand. False when it is closed. Resolves when lists show it, as a rule. */
  async close(organizationId: OrganizationId): Promise<boolean> {
    this.#admitCaller(organizationId)
    const { traffic, change } = close(this.#table.traffic())
    if (change === null) return false
    const now = Date.now()
    this.ctx.storage.transactionSync(() => {
      this.#keep(traffic, change, { byHand: true })
      this.#table.keepReleases(releaseAfterMs.map((ms) => now + ms))
    })
    this.#arm(now + releaseAfterMs[0])
    await this.#tell()
    return true
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null
    try {
      const now = Date.now()
      const traffic = this.#table.traffic()
      if (isForgotten(traffic.breaker, now)) {
        const { traffic: closed, change } = close(traffic)
        if (change !== null) this.#table.keep(closed, this.#letter(closed, change, traffic))
      }
      await this.#tell()
      await this.#release(now)
      const [release] = this.#table.releases()
      const isTold = this.#table.letters().length === 0 && release === undefined
      const isIdle = isTold && isForgotten(this.#table.traffic().breaker, now)
      if (!this.#table.dropStaleTurns(now) && isIdle && this.#table.traffic().pace.promised < now - lookMs) {
        await this.ctx.storage.deleteAll()
        this.#table.forget()
        return
      }
      this.#arm(Math.min(now + lookMs, release ?? Infinity))
    } catch (error) {
      console.error({ message: 'outbound could not be looked at', object: this.ctx.id.name, error: String(error) })
      this.#arm(Date.now() + retryTellingMs)
    }
  }

  #keep(traffic: Traffic, change: BreakerChange | null = null, how: { byHand?: true } = {}): void {
    const before = this.#table.traffic()
    if (traffic === before) return
    this.#table.keep(traffic, change === null ? undefined : { ...this.#letter(traffic, change, before), ...how })
    this.#arm(Date.now() + (this.#table.letters().length === 0 ? lookMs : retryTellingMs))
  }

  #letter({ breaker }: Traffic, change: BreakerChange, { breaker: before }: Traffic) {
    const troubled = breaker.state === 'closed' ? before : breaker
    const at = Date.now()
    const { why: reason, since, until } = troubled.state === 'closed' ? { why: '', since: at, until: at } : troubled
    return { at, change, eventId: newId('event'), reason, since, until }
  }

  /** Sends the letters in the order in which they were written. Never rejects: the alarm tries again. */
  #tell(): Promise<void> {
    return this.#telling.run(async () => {
      try {
        for (const letter of this.#table.letters()) {
          await tellOfBreaker(this.env, outboundIn(this.ctx.id.name ?? ''), letter)
          this.#table.told(letter.seq)
        }
      } catch (error) {
        console.error({ message: 'breaker not told of', object: this.ctx.id.name, error: String(error) })
        this.#arm(Date.now() + retryTellingMs)
      }
    })
  }

  /** Lets go of those who wait, where that is due. What it could not do is tried again with the next alarm. */
  async #release(now: number): Promise<void> {
    const releases = this.#table.releases()
    if (releases[0] === undefined || releases[0] > now) return
    await releaseHeld(this.env, outboundIn(this.ctx.id.name ?? ''), now)
    this.#table.keepReleases(releases.filter((at) => at > now))
  }

  #arm(at: number): void {
    if (isArmed(this.#armedAt, at)) return
    this.#armedAt = at
    void this.ctx.storage.setAlarm(at)
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('outbound of another organization')
  }
}
