// inbox-object
//
// Where an accepted event lies until what it causes is durable elsewhere. It knows storage, alarms and queues; whether
// an event is new is `inbox/admit.ts`, when one is sent again is `inbox/resend.ts`.
//
//   I1. Nobody is told that an event was accepted before its row is on disk: the output gate holds the answer.
//   I2. An event is pending until its consumer confirms it. The queue only carries the news of it.
//   I3. `epoch` names the routes in force. An offer made by other routes is refused, so no execution starts by a
//       workflow that was paused before the offer came.

import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import type { EventId, OrganizationId } from '../contract/id.ts'
import { admit, dayMs, type Offer } from './inbox/admit.ts'
import { Gather } from './inbox/gather.ts'
import { inboxTable, mostTaken, type InboxTable, type PendingKind, type PendingRow } from './inbox/inbox-table.ts'
import type { SeenEntry } from './inbox/key-table.ts'
import { packRecords, packTriggers, type RecordParcel } from './inbox/pack-messages.ts'
import { Outlet } from './inbox/outlet.ts'
import { isDue, lookAfterMs, type Sent } from './inbox/resend.ts'
import { isArmed } from './is-armed.ts'
import type { InboxRefs } from './messages.ts'
import { organizationOf } from './names.ts'
import { writeInBulk } from './project-records.ts'
import { sendMessages } from './send-messages.ts'
import { parseRow } from '../store/records.ts'
import { unreachable } from '../lib/unreachable.ts'

export interface OfferedEvent extends Offer {
  /** The routes the offer was made by; absent when it does not depend on routes. */
  epoch?: string
  kind: PendingKind
  /** What is to be done: an `AcceptedTrigger` as JSON, or a record as text. */
  pending: string
  /** JSON text to give to whoever delivers the same event again; the ids of its executions are found in it. */
  answer: string
  /** The caller itself sees to the event now: it is only sent to the queue if no confirmation comes. */
  direct?: boolean
}

export type Acceptance =
  | { kind: 'accepted'; number: number }
  | { kind: 'duplicate'; id: EventId; at: number; answer: string }
  | { kind: 'conflict' }
  | { kind: 'stale'; epoch: string }

/** Entries of an inbox as whoever is to do them gets them. */
export interface TakenEntries {
  /** The routes in force. */
  epoch: string
  rows: PendingRow[]
  /** Numbers of entries that may be there too. */
  left: number[]
}

/** An offer with the number it is given. */
type Entry = SeenEntry & { offer: OfferedEvent }

/** Consumers are told this soon after the first event is there, so that a burst is one message. */
const gatherTriggersMs = 8
/** Nobody waits for D1, and it is asked in bulk. */
const gatherRecordsMs = 50
const maxPerSweep = 5_000

export class InboxObject extends DurableObject<Env> {
  #table: InboxTable | undefined
  #epoch: string | undefined
  /** What is pending, as far as this process knows: all of it once `#scanned`. */
  #pending = new Map<number, { kind: PendingKind; sent?: Sent }>()
  #scanned = false
  #alarmAt: number | null | undefined
  readonly #keepAlive = (work: Promise<void>) => this.ctx.waitUntil(work)
  readonly #outlet = new Outlet()
  readonly #triggers = new Gather<number>(gatherTriggersMs, (some) => this.#sendTriggers(some), this.#keepAlive)
  readonly #records = new Gather<RecordParcel>(gatherRecordsMs, (some) => this.#project(some), this.#keepAlive)

  /** The routes in force, for whoever is about to read them from the database. */
  epoch(organizationId: OrganizationId): string {
    this.#admitCaller(organizationId)
    return this.#currentEpoch()
  }

  /** The routes changed: from now on only offers made by `epoch` are taken. */
  setEpoch(organizationId: OrganizationId, epoch: string): void {
    this.#admitCaller(organizationId)
    this.#epoch = epoch
    this.ctx.storage.kv.put('epoch', epoch)
  }

  /** As `accept`, for events that came together: one commit makes all of them durable. */
  acceptAll(organizationId: OrganizationId, events: OfferedEvent[]): (Acceptance | { kind: 'failed' })[] {
    this.#admitCaller(organizationId)
    try {
      return this.#acceptTogether(events)
    } catch (error) {
      console.error({ message: 'events not accepted', inbox: this.ctx.id.name, error: String(error) })
      // One that can not be stored must not take the others with it.
      return events.map((event) =>
        events.length === 1 ? { kind: 'failed' } : this.acceptAll(organizationId, [event])[0]!,
      )
    }
  }

  /** Takes an event, once. Resolves when it is durable. */
  accept(organizationId: OrganizationId, event: OfferedEvent): Acceptance {
    this.#admitCaller(organizationId)
    return this.#acceptTogether([event])[0]!
  }

  #acceptTogether(events: readonly OfferedEvent[]): Acceptance[] {
    const table = this.#open()
    const entries = events.map((offer) => ({ offer, number: table.nextNumber() }))
    let acceptances: Acceptance[]
    let fresh: ReturnType<typeof toPending>[]
    try {
      acceptances = this.#remember(entries)
      fresh = entries.filter(({ number }, index) => isFresh(acceptances[index], number)).map(toPending)
      table.keep(fresh)
    } catch (error) {
      // A key that is remembered without its pending row would be an event lost. (A savepoint would see to that too,
      // and copy every page that is written.)
      table.takeBack(entries)
      throw error
    }
    if (fresh.length > 0) this.#look(lookAfterMs)
    for (const row of fresh) this.#send(row, row.isDirect)
    return acceptances
  }

  /** Which events are new; those it remembers. */
  #remember(entries: readonly Entry[]): Acceptance[] {
    const epoch = this.#currentEpoch()
    const isStale = ({ offer }: Entry) => offer.epoch !== undefined && offer.epoch !== epoch
    const kept = this.#open().rememberNew(entries.filter((entry) => !isStale(entry)))
    return entries.map((entry) => {
      if (kept.has(entry.number)) return { kind: 'accepted', number: entry.number }
      return isStale(entry) ? { kind: 'stale', epoch } : this.#judge(entry)
    })
  }

  /** Whether an event whose key is known is new all the same, and if so remembers it. */
  #judge(entry: Entry): Acceptance {
    const table = this.#open()
    const verdict = admit(entry.offer, table.find(entry.offer))
    switch (verdict.kind) {
      case 'conflict':
        return { kind: 'conflict' }
      case 'duplicate':
        return { kind: 'duplicate', id: verdict.seen.id, at: verdict.seen.at, answer: verdict.seen.answer }
      case 'taken':
        return { kind: 'accepted', number: verdict.seen.number }
      case 'accept':
      case 'replace':
        table.remember(entry)
        return { kind: 'accepted', number: entry.number }
      default:
        return unreachable(verdict)
    }
  }

  /**
   * Takes an execution's record over, as text: from here on this inbox sees to it that D1 gets it.
   * `ends` is the event that began the execution, which needs nothing more. Resolves when it is durable; twice does
   * no harm.
   */
  deposit(organizationId: OrganizationId, record: string, ends?: number): void {
    this.#admitCaller(organizationId)
    const table = this.#open()
    const row: PendingRow = { number: table.nextNumber(), kind: 'records', text: record }
    const [[, executionId]] = parseRow(record)
    table.keep([{ ...row, executionIds: executionId }])
    if (ends !== undefined) this.#done([ends])
    this.#look(lookAfterMs)
    this.#send(row)
  }

  /**
   * Those of the entries that are still to be done, and the routes in force. Of much data not all comes at once: `left` is
   * to be taken when these are done. `most`: characters of it.
   */
  take(organizationId: OrganizationId, numbers: number[], most = mostTaken): TakenEntries {
    this.#admitCaller(organizationId)
    const { rows, left } = this.#open().read(numbers, most)
    const isLeft = new Set(left)
    // Those that are left are still on their way to whoever asks.
    if (this.#outlet.arrived(numbers.filter((number) => !isLeft.has(number)))) this.#keepAlive(this.#sendTriggers([]))
    return { epoch: this.#currentEpoch(), rows, left }
  }

  /** What the entries cause is durable elsewhere. */
  confirm(organizationId: OrganizationId, numbers: number[]): void {
    this.#admitCaller(organizationId)
    this.#done(numbers)
  }

  /** The entry of an execution that nothing has consumed yet, or whose record is on its way. */
  findByExecution(organizationId: OrganizationId, executionId: string): PendingRow | undefined {
    this.#admitCaller(organizationId)
    return this.#open().findByExecution(executionId)
  }

  /** Looks whether something should have moved by now. For the sweeper. */
  async poke(organizationId: OrganizationId): Promise<void> {
    this.#admitCaller(organizationId)
    await this.#sweep()
  }

  override async alarm(): Promise<void> {
    // Armed again before any work: a process that dies here wakes again. Without events it sleeps a day, to forget.
    this.#alarmAt = null
    this.#look(this.#pending.size > 0 || !this.#scanned ? lookAfterMs : dayMs)
    try {
      await this.#sweep()
    } catch (error) {
      // The alarm is armed again already; throwing would only use up the platform's six tries.
      console.error({ message: 'inbox sweep failed', inbox: this.ctx.id.name, error: String(error) })
    }
  }

  async #sweep(): Promise<void> {
    const table = this.#open()
    const now = Date.now()
    if (!this.#scanned) {
      // Once per process: what an earlier one left behind. Later sweeps ask memory, not the table.
      for (const { number, kind } of table.list()) {
        if (!this.#pending.has(number)) this.#pending.set(number, { kind })
      }
      this.#scanned = true
    }
    let sending = 0
    for (const [number, entry] of this.#pending) {
      if (this.#outlet.isHeld(number) || !isDue(entry.sent, now)) continue
      entry.sent = { at: now, times: (entry.sent?.times ?? 0) + 1 }
      this.#gather({ number, kind: entry.kind })
      sending += 1
      if (sending === maxPerSweep) break
    }
    table.forget(now)
    if (this.#pending.size > 0) this.#look(lookAfterMs)
    await Promise.all([this.#triggers.flush(), this.#records.flush()])
    // Those that are held, should nobody have asked for more.
    await this.#sendTriggers([])
  }

  #send(row: PendingRow, isDirect = false): void {
    this.#pending.set(row.number, { kind: row.kind, sent: { at: Date.now(), times: 1 } })
    if (!isDirect) this.#gather(row)
  }

  #gather({ number, kind, text }: Omit<PendingRow, 'text'> & { text?: string }): void {
    if (kind === 'trigger') this.#triggers.add(number)
    else this.#records.add({ number, text })
  }

  /** Sends these, and those that are held, as far as there is room. */
  async #sendTriggers(numbers: readonly number[]): Promise<void> {
    for (const number of numbers) this.#outlet.hold(number)
    const next = this.#outlet.next()
    if (next.length === 0) return
    const now = Date.now()
    for (const number of next) {
      const entry = this.#pending.get(number)
      if (entry?.sent !== undefined) entry.sent = { ...entry.sent, at: now }
    }
    try {
      await sendMessages(this.env.TRIGGERS, packTriggers(this.#place(), next))
    } catch (error) {
      this.#outlet.arrived(next)
      this.#couldNotSend(error)
    }
  }

  async #project(parcels: readonly RecordParcel[]): Promise<void> {
    const texts = parcels.flatMap(({ text }) => (text === undefined ? [] : [text]))
    if (texts.length === parcels.length && (await writeInBulk(this.env, texts))) {
      this.#done(parcels.map(({ number }) => number))
      return
    }
    try {
      await sendMessages(this.env.RECORDS, packRecords(this.#place(), parcels))
    } catch (error) {
      this.#couldNotSend(error)
    }
  }

  /** Nothing is lost: what could not be sent is pending, and the alarm sends it again. */
  #couldNotSend(error: unknown): void {
    console.error({ message: 'inbox could not send', inbox: this.ctx.id.name, error: String(error) })
  }

  #done(numbers: readonly number[]): void {
    this.#open().done(numbers)
    for (const number of numbers) this.#pending.delete(number)
    if (this.#outlet.drop(numbers)) this.#keepAlive(this.#sendTriggers([]))
  }

  #look(afterMs: number): void {
    const at = Date.now() + afterMs
    if (isArmed(this.#alarmAt, at)) return
    this.#alarmAt = at
    void this.ctx.storage.setAlarm(at)
  }

  #currentEpoch(): string {
    this.#epoch ??= this.ctx.storage.kv.get<string>('epoch') ?? 'first'
    return this.#epoch
  }

  #open(): InboxTable {
    this.#table ??= inboxTable(this.ctx.storage.sql)
    return this.#table
  }

  #place(): Omit<InboxRefs, 'refs'> {
    const [, organizationId, , shard] = (this.ctx.id.name ?? '').split(':')
    return { organizationId: organizationId as OrganizationId, shard: Number(shard) }
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('inbox of another organization')
  }
}

/** Whether it was taken under this number: what was taken before has another. */
function isFresh(acceptance: Acceptance | undefined, number: number): boolean {
  return acceptance?.kind === 'accepted' && acceptance.number === number
}

function toPending({ offer: { kind, pending, answer, direct }, number }: Entry) {
  return { number, kind, text: pending, executionIds: answer, isDirect: direct }
}
