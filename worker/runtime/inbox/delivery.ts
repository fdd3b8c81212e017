// delivery
//
// Sends what is pending in an inbox: events to their consumers by a queue, records to D1. What could not be sent stays
// pending, and a later sweep sends it again.

import type { Env } from '../../env.ts'
import type { InboxRefs } from '../queues/messages.ts'
import { writeInBulk } from '../records/project-records.ts'
import { sendMessages } from '../queues/send-messages.ts'
import { Batcher } from './batcher.ts'
import { TextBudget } from './text-budget.ts'
import type { PendingRow } from './inbox-table.ts'
import { SendWindow } from './send-window.ts'
import { packRecords, packTriggers, type RecordParcel } from '../queues/pack-messages.ts'
import { Pending, type PendingEntry } from './pending.ts'

/** Consumers are told this soon after the first event is there, so that a burst is one message. */
const batchTriggersMs = 8
/** Nobody waits for D1, and it is asked in bulk. */
const batchRecordsMs = 50
const maxPerSweep = 5_000

export interface DeliveryParts {
  env: Env
  /** The inbox, as messages name it. */
  place(): Omit<InboxRefs, 'refs'>
  /** What lies in the inbox. */
  list(): PendingEntry[]
  /** These need nothing more: they may be forgotten, here (`drop`) as well. */
  done(numbers: readonly number[]): void
  keepAlive(work: Promise<void>): void
}

export class Delivery {
  readonly #parts: DeliveryParts
  readonly #pending = new Pending()
  readonly #window = new SendWindow()
  readonly #texts = new TextBudget()
  readonly #triggers: Batcher<number>
  readonly #records: Batcher<RecordParcel>

  constructor(parts: DeliveryParts) {
    this.#parts = parts
    const { keepAlive } = parts
    this.#triggers = new Batcher(batchTriggersMs, (some) => this.#sendTriggers(some), keepAlive)
    this.#records = new Batcher(batchRecordsMs, (some) => this.#project(some), keepAlive)
  }

  /** True when nothing is pending. A process that has not swept yet cannot know. */
  get isIdle(): boolean {
    return this.#pending.isWhole && this.#pending.isEmpty
  }

  /** Sends a new row. A direct one is its caller's to begin, and only sent if no confirmation comes. */
  send(row: PendingRow, isDirect = false): void {
    this.#pending.add(row, Date.now())
    if (!isDirect) this.#enqueue(row)
  }

  /** Consumers have these: there is room for others. */
  arrived(numbers: readonly number[]): void {
    if (this.#window.arrived(numbers)) this.#parts.keepAlive(this.#sendTriggers([]))
  }

  /** They need nothing more. */
  drop(numbers: readonly number[]): void {
    this.#pending.done(numbers)
    if (this.#window.drop(numbers)) this.#parts.keepAlive(this.#sendTriggers([]))
  }

  /** Sends what should have been confirmed by now. Resolves when that is on its way. */
  async sweep(now: number): Promise<void> {
    if (!this.#pending.isWhole) this.#pending.learn(this.#parts.list())
    const due = this.#pending.takeDue(now, maxPerSweep, (number) => this.#window.isHeld(number))
    for (const entry of due) this.#enqueue(entry)
    await Promise.all([this.#triggers.flush(), this.#records.flush()])
    // Also what the window holds, should no consumer have made room.
    await this.#sendTriggers([])
  }

  #enqueue({ number, kind, text }: PendingEntry & { text?: string }): void {
    if (kind === 'trigger') this.#triggers.add(number)
    else this.#records.add({ number, text: text === undefined ? undefined : this.#texts.hold(text) })
  }

  /** Sends these, and those that are held, as far as there is room. */
  async #sendTriggers(numbers: readonly number[]): Promise<void> {
    for (const number of numbers) this.#window.hold(number)
    const next = this.#window.next()
    if (next.length === 0) return
    this.#pending.noteSent(next, Date.now())
    const { env, place } = this.#parts
    try {
      await sendMessages(env.TRIGGERS, packTriggers(place(), next))
    } catch (error) {
      this.#window.arrived(next)
      this.#couldNotSend(error)
    }
  }

  async #project(parcels: readonly RecordParcel[]): Promise<void> {
    const { done, env, place } = this.#parts
    const texts = parcels.flatMap(({ text }) => (text === undefined ? [] : [text]))
    this.#texts.release(texts)
    if (texts.length === parcels.length && (await writeInBulk(env, texts))) {
      done(parcels.map(({ number }) => number))
      return
    }
    try {
      await sendMessages(env.RECORDS, packRecords(place(), parcels))
    } catch (error) {
      this.#couldNotSend(error)
    }
  }

  #couldNotSend(error: unknown): void {
    const { organizationId, shard } = this.#parts.place()
    console.error({ message: 'inbox could not send', organizationId, shard, error: String(error) })
  }
}
