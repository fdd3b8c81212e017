// inbox-object
//
// Where an accepted event lies until what it causes is durable elsewhere: what may be asked of an inbox and by whom, and
// when it looks again. Which events are new is decided in `inbox/accept-together.ts`; `inbox/delivery.ts` sends them on.
//
//   I1. Nobody is told that an event was accepted before its row is on disk: the output gate holds the answer.
//   I2. An event is pending until its consumer confirms it. A queue message only says that it is there.
//   I3. `epoch` names the routes in force. An offer made by other routes is refused, so no execution starts by a
//       workflow that was paused before the offer came.
//
// It also knows who listens at hooks, and for events, for something to test with (`inbox/taps.ts`), because what they wait for comes here anyway.

import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../env.ts'
import type { HookKey, OrganizationId } from '../../contract/id.ts'
import type { TapRefusal } from '../../contract/tap.ts'
import type { WebhookSettings } from '../../triggers/webhook/index.ts'
import type { TapPlace, TapQuestion, TapWish } from '../../usecases/taps/ports.ts'
import { parseRow } from '../../store/records.ts'
import { acceptTogether, type Acceptance, type OfferedEvent } from './accept-together.ts'
import { dayMs } from './admit.ts'
import { Delivery } from './delivery.ts'
import { inboxTable, mostTaken, type InboxTable, type PendingRow } from './inbox-table.ts'
import { DirectEvents } from './direct-events.ts'
import { overhear } from './overhear.ts'
import { lookAfterMs } from './resend.ts'
import { Taps, type Heard } from './taps.ts'
import { isArmed } from '../is-armed.ts'
import type { InboxRefs } from '../queues/messages.ts'
import { inboxIn, organizationOf } from '../names.ts'

/** Entries of an inbox, as a consumer takes them. */
export interface TakenEntries {
  /** The routes in force. */
  epoch: string
  rows: PendingRow[]
  /** Numbers of entries that may be there too. */
  left: number[]
}

/** What replaces a direct event: the turns that were played of its execution, or its record when that has finished. */
export interface PlayedRow extends PendingRow {
  /** The last turn that was played. */
  seq: number
}

export class InboxObject extends DurableObject<Env> {
  readonly #direct = new DirectEvents()
  readonly #taps = new Taps()
  #table: InboxTable | undefined
  #epoch: string | undefined
  #alarmAt: number | null | undefined
  readonly #delivery = new Delivery({
    env: this.env,
    place: () => this.#place(),
    list: () => this.#open().list(),
    done: (numbers) => this.#done(numbers),
    keepAlive: (work) => this.ctx.waitUntil(work),
  })

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
      // One that cannot be stored must not take the others with it.
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
    const { acceptances, fresh } = acceptTogether(this.#open(), events, this.#currentEpoch())
    if (fresh.length > 0) this.#look(lookAfterMs)
    for (const row of fresh) {
      if (row.isDirect === true) this.#direct.add(row.number)
      this.#delivery.send(row, row.isDirect)
    }
    if (!this.#taps.isEmpty) this.#overhear(events, acceptances)
    return acceptances
  }

  /** Copies are for testing: an event is taken whether they can be made or not. */
  #overhear(events: readonly OfferedEvent[], acceptances: readonly Acceptance[]): void {
    try {
      overhear(this.#taps, events, acceptances)
    } catch (error) {
      console.error({ message: 'events not overheard', inbox: this.ctx.id.name, error: String(error) })
    }
  }

  /** Somebody listens at a hook, or for an event: what is taken from now on is copied to them, once. */
  openTap(organizationId: OrganizationId, tap: TapWish): void {
    this.#admitCaller(organizationId)
    this.#taps.open(tap, Date.now())
  }

  /** What has come to a tap (`TapNews` as JSON), as soon as something new has, or when the time is over. Undefined: there is none. */
  async waitForTap(organizationId: OrganizationId, question: TapQuestion): Promise<string | undefined> {
    this.#admitCaller(organizationId)
    const news = await this.#taps.wait(question)
    return news && JSON.stringify(news)
  }

  closeTap(organizationId: OrganizationId, tap: TapPlace): void {
    this.#admitCaller(organizationId)
    this.#taps.close(tap)
  }

  /** How a hook receives for whoever listens there; undefined: nobody does. */
  tapSettings(organizationId: OrganizationId, hookKey: HookKey): WebhookSettings | undefined {
    this.#admitCaller(organizationId)
    return this.#taps.settingsAt(hookKey, Date.now())
  }

  /** Gives a request that starts nothing to those who listen at a hook. False: there is nobody. */
  hear(organizationId: OrganizationId, hookKey: HookKey, heard: Heard): boolean {
    this.#admitCaller(organizationId)
    return this.#taps.hear({ hookKey }, heard)
  }

  /** Says to those who listen at a hook that a request was not taken. */
  refuse(organizationId: OrganizationId, hookKey: HookKey, refusal: TapRefusal): void {
    this.#admitCaller(organizationId)
    this.#taps.refuse({ hookKey }, refusal)
  }

  /**
   * Replaces direct events by what was played of them; a record is brought to D1 by this inbox from here on. Whether it took
   * each, in their order: an event that a consumer has begun is not its caller's to play any more. Resolves when that is
   * durable; twice, or late, does no harm.
   */
  replaceAll(organizationId: OrganizationId, rows: PlayedRow[]): boolean[] {
    this.#admitCaller(organizationId)
    return rows.map((row) => this.#replace(row))
  }

  #replace({ seq, ...row }: PlayedRow): boolean {
    const verdict = this.#direct.judge(row.number, seq)
    if (verdict !== 'news') return verdict === 'known'
    if (!this.#open().replace(row)) return false
    if (row.kind === 'records') {
      this.#direct.finished(row.number)
      this.#delivery.send(row)
    } else this.#direct.played(row.number, seq)
    return true
  }

  /**
   * Takes an execution's record over, as text: from here on this inbox brings it to D1. `ends` is the event that began the
   * execution, which is done with that. Resolves when it is durable; twice does no harm.
   */
  deposit(organizationId: OrganizationId, record: string, ends?: number): void {
    this.#admitCaller(organizationId)
    const table = this.#open()
    const row: PendingRow = { number: table.nextNumber(), kind: 'records', text: record }
    const [[, executionId]] = parseRow(record)
    table.keep([{ ...row, executionIds: executionId }])
    if (ends !== undefined) this.#done([ends])
    this.#look(lookAfterMs)
    this.#delivery.send(row)
  }

  /**
   * The entries that are still to be done, and the routes in force. At most `most` characters come at once: `left` is to be
   * taken when these are done.
   */
  take(organizationId: OrganizationId, numbers: number[], most = mostTaken): TakenEntries {
    this.#admitCaller(organizationId)
    const { rows, left } = this.#open().read(numbers, most)
    for (const { number } of rows) this.#direct.takenByConsumer(number)
    const isLeft = new Set(left)
    // Those that are left stay in flight until the consumer takes them.
    this.#delivery.arrived(numbers.filter((number) => !isLeft.has(number)))
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
    this.#look(this.#delivery.isIdle ? dayMs : lookAfterMs)
    try {
      await this.#sweep()
    } catch (error) {
      // The alarm is armed again already; throwing would only use up the platform's six tries.
      console.error({ message: 'inbox sweep failed', inbox: this.ctx.id.name, error: String(error) })
    }
  }

  async #sweep(): Promise<void> {
    const now = Date.now()
    const swept = this.#delivery.sweep(now)
    try {
      this.#open().forget(now)
      if (!this.#delivery.isIdle) this.#look(lookAfterMs)
    } finally {
      await swept
    }
  }

  #done(numbers: readonly number[]): void {
    this.#open().done(numbers)
    this.#delivery.drop(numbers)
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
    return inboxIn(this.ctx.id.name ?? '')
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('inbox of another organization')
  }
}
