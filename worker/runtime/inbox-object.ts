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
import { inboxTable, recordKey, type InboxTable, type PendingEvent, type PendingKind } from './inbox/inbox-table.ts'
import { packMessages, type Parcel } from './inbox/pack-messages.ts'
import { isDue, lookAfterMs, type Sent } from './inbox/resend.ts'
import type { InboxRefs, PendingRef } from './messages.ts'
import { organizationOf } from './names.ts'

export interface OfferedEvent extends Offer {
  /** The routes the offer was made by; absent when it does not depend on routes. */
  epoch?: string
  kind: PendingKind
  /** JSON text of what is to be done. */
  pending: string
  /** JSON text to give to whoever delivers the same event again. */
  answer: string
  /** The caller itself sees to the event now: it is only sent to the queue if no confirmation comes. */
  direct?: boolean
}

export type Acceptance =
  | { kind: 'accepted'; ref: PendingRef }
  | { kind: 'duplicate'; id: EventId; at: number; answer: string }
  | { kind: 'conflict' }
  | { kind: 'stale'; epoch: string }

/** Messages are sent this soon after the first one is there, so that a burst becomes one batch. */
const gatherMs = 8
const maxPerSweep = 5_000

export class InboxObject extends DurableObject<Env> {
  #table: InboxTable | undefined
  #epoch: string | undefined
  /** What is pending, as far as this process knows: all of it once `#scanned`. */
  #pending = new Map<string, { ref: PendingRef; kind: PendingKind; sent?: Sent }>()
  #scanned = false
  #outbox: Parcel[] = []
  #gathering = false
  #alarmAt: number | null | undefined

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
    return events.map((event) => {
      try {
        return this.accept(organizationId, event)
      } catch (error) {
        // One that can not be stored must not take the others with it.
        console.error({ message: 'event not accepted', inbox: this.ctx.id.name, error: String(error) })
        return { kind: 'failed' }
      }
    })
  }

  /** Takes an event, once. Resolves when it is durable. */
  accept(organizationId: OrganizationId, event: OfferedEvent): Acceptance {
    this.#admitCaller(organizationId)
    const epoch = this.#currentEpoch()
    if (event.epoch !== undefined && event.epoch !== epoch) return { kind: 'stale', epoch }

    const table = this.#open()
    let ref = table.insertNew(event, event.kind, event.pending, event.answer)
    if (ref === undefined) {
      const verdict = admit(event, table.find(event.key, event.at))
      if (verdict.kind === 'conflict') return { kind: 'conflict' }
      if (verdict.kind === 'duplicate') {
        return { kind: 'duplicate', id: verdict.seen.id, at: verdict.seen.at, answer: verdict.seen.answer }
      }
      if (verdict.kind === 'replace') {
        const moved = table.moveAside(event.key, verdict.seen)
        const known = this.#pending.get(moved.id)
        if (known !== undefined) known.ref = moved
      }
      ref = table.insertNew(event, event.kind, event.pending, event.answer)
      if (ref === undefined) throw new Error('a key that was freed is taken')
    }
    this.#look(lookAfterMs)
    this.#pending.set(ref.id, { ref, kind: event.kind, sent: { at: Date.now(), times: 1 } })
    if (event.direct !== true) this.#send(ref, event.kind, event.pending)
    return { kind: 'accepted', ref }
  }

  /**
   * Takes an execution's record over: from here on this inbox sees to it that D1 gets it. `ends` names the event that
   * began the execution, which needs nothing more. Resolves when it is durable; twice is once.
   */
  deposit(
    organizationId: OrganizationId,
    deposit: { executionId: string; generation: number; seq: number; record: string; ends?: PendingRef },
  ): void {
    this.#admitCaller(organizationId)
    const { executionId, generation, seq, record, ends } = deposit
    const table = this.#open()
    if (ends !== undefined) {
      table.confirm([ends])
      this.#pending.delete(ends.id)
    }
    const key = recordKey(executionId, generation, seq)
    const list = `[${record}]`
    const ref = table.insertRecord(key, key, Date.now(), list)
    if (ref === undefined) return
    this.#look(lookAfterMs)
    this.#pending.set(ref.id, { ref, kind: 'records', sent: { at: Date.now(), times: 1 } })
    this.#send(ref, 'records', list)
  }

  /** Those of the named events that are still to be done, and the routes in force. */
  take(organizationId: OrganizationId, refs: PendingRef[]): { epoch: string; events: PendingEvent[] } {
    this.#admitCaller(organizationId)
    return { epoch: this.#currentEpoch(), events: this.#open().read(refs) }
  }

  /** What the named events cause is durable elsewhere. */
  confirm(organizationId: OrganizationId, refs: PendingRef[]): void {
    this.#admitCaller(organizationId)
    this.#open().confirm(refs)
    for (const ref of refs) this.#pending.delete(ref.id)
  }

  /** The event that will start this execution, while nothing has consumed it yet. */
  findByExecution(organizationId: OrganizationId, executionId: string): PendingEvent | undefined {
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
      for (const { kind, ...ref } of table.listPending()) {
        if (!this.#pending.has(ref.id)) this.#pending.set(ref.id, { ref, kind })
      }
      this.#scanned = true
    }
    let sending = 0
    for (const event of this.#pending.values()) {
      if (!isDue(event.sent, now)) continue
      event.sent = { at: now, times: (event.sent?.times ?? 0) + 1 }
      this.#send(event.ref, event.kind)
      sending += 1
      if (sending === maxPerSweep) break
    }
    table.forget(now)
    if (this.#pending.size > 0) this.#look(lookAfterMs)
    await this.#flush()
  }

  #send(ref: PendingRef, kind: PendingKind, pending?: string): void {
    this.#outbox.push({ ref, kind, ...(kind === 'records' && pending !== undefined ? { records: pending } : {}) })
    if (this.#gathering) return
    this.#gathering = true
    setTimeout(() => this.ctx.waitUntil(this.#flush()), gatherMs)
  }

  async #flush(): Promise<void> {
    this.#gathering = false
    const { triggers, records } = packMessages(this.#place(), this.#outbox.splice(0))
    try {
      for (const batch of triggers) await this.env.TRIGGERS.sendBatch(batch)
      for (const batch of records) await this.env.RECORDS.sendBatch(batch)
    } catch (error) {
      // Nothing is lost: the events are pending, and the alarm sends them again.
      console.error({ message: 'inbox could not send', inbox: this.ctx.id.name, error: String(error) })
    }
  }

  #look(afterMs: number): void {
    const at = Date.now() + afterMs
    if (this.#alarmAt !== undefined && this.#alarmAt !== null && this.#alarmAt <= at) return
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
