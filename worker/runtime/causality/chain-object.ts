// chain-object
//
// Counts the executions that follow from one event, where they are more than those it began itself. It is asked before one
// more begins, and notifies people of those that are refused. Starts that repeat without a known cause are counted as a
// chain too, under a name of their own.
//
//   C1. The same start gets the same answer, however often it is asked about, for as long as its event may come again.
//   C2. A refusal is on disk before anybody is notified, and is sent until it has arrived: each in the audit, and the first of
//       an hour as an event.
//   C3. What was admitted is counted in memory and stored a moment later: a process that dies forgets the last second of it.
//       The bound need not be exact, and so no start waits for the disk. What is held is stored at once, because it is asked
//       about again a minute later.

import { DurableObject } from 'cloudflare:workers'
import { loopLimits } from '../../causality/loop.ts'
import { Recent } from '../../causality/recent.ts'
import { type KeptRepeats, type RepeatAnswer, Repeats } from '../../causality/repeats.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { dayMs } from '../inbox/admit.ts'
import { organizationOf } from '../names.ts'
import { chainTable, type ChainTable } from './chain-table.ts'
import { tellOfRefusals, type RefusedStart } from './tell-of-refusals.ts'

const { descendants, descendantsWithinMs, alertEveryMs } = loopLimits

const keepAfterMs = 1_000
const tryAgainMs = 5_000
/** After this long without a start nothing of the chain counts any more. */
const forgetAfterMs = 2 * Math.max(descendantsWithinMs, alertEveryMs)
const maxTold = 100
/** An event may come again for as long as D1 is away: refusals are kept for this long at least, in ms. */
const keepToldMs = dayMs
const forgetToldEveryMs = 3_600_000

/** The latest refusal that was sent as an event, and when (epoch ms). */
interface Alerted {
  executionId: string
  at: number
}

export class ChainObject extends DurableObject<Env> {
  readonly #table: ChainTable = chainTable(this.ctx.storage.sql)
  #repeats: Repeats | undefined
  #recent: Recent | undefined
  #keeping: ReturnType<typeof setTimeout> | undefined
  #telling: Promise<void> | undefined
  /** When this process looked last for what need not be kept any more, in epoch ms. */
  #tidiedAt = 0

  /** Whether one more execution may begin in the chain; `at` is when its event was accepted, in epoch ms. */
  admit(organizationId: OrganizationId, executionId: ExecutionId, at: number): boolean {
    this.#admitCaller(organizationId)
    if (this.#table.isRefused(executionId)) return false
    const isAdmitted = this.#load().admit(executionId, at)
    if (isAdmitted) this.#keepSoon()
    return isAdmitted
  }

  /**
   * Whether executions may begin by data that comes again and again: given with when their events were accepted, the
   * oldest first; the answer is for the last of them. `mayGoOn`: who goes on while they are held is let in.
   */
  repeat(
    organizationId: OrganizationId,
    starts: readonly (readonly [id: ExecutionId, at: number])[],
    mayGoOn = false,
  ): RepeatAnswer {
    this.#admitCaller(organizationId)
    const now = Date.now()
    this.#repeats ??= new Repeats({ mayGoOn, kept: this.ctx.storage.kv.get<KeptRepeats>('repeats') })
    const repeats = this.#repeats
    const answers = starts.map(([id, at]) => (this.#table.isRefused(id) ? 'refused' : repeats.judge(id, at, now)))
    const answer = answers.at(-1) ?? 'begin'
    if (answer !== 'begin') this.#keepHeld(repeats.kept, now)
    return answer
  }

  /** A start (JSON text of a `RefusedStart`) was refused: people are to hear of it. Resolves when that is durable. */
  refused(organizationId: OrganizationId, start: string): void {
    this.#admitCaller(organizationId)
    const { executionId, at } = JSON.parse(start) as RefusedStart
    this.ctx.storage.transactionSync(() => {
      this.#table.add({ executionId, at, text: start })
      void this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
    })
    this.ctx.waitUntil(this.#tellOrWait(organizationId))
  }

  override async alarm(): Promise<void> {
    const organizationId = organizationOf(this.ctx.id.name ?? '')
    try {
      await this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
      await this.#tell(organizationId)
      const last = this.ctx.storage.kv.get<number>('last') ?? 0
      if (this.#table.listUntold(1).length > 0) return
      const forgetAt = last + forgetAfterMs
      if (Date.now() < forgetAt) await this.ctx.storage.setAlarm(forgetAt)
      else await this.#forget()
    } catch (error) {
      console.error({ message: 'refusals not told', chain: this.ctx.id.name, error: String(error) })
      await this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
    }
  }

  #tellOrWait(organizationId: OrganizationId): Promise<void> {
    return this.#tell(organizationId).catch((error: unknown) => {
      // Nothing is lost: it is on disk, and the alarm sends it again.
      console.error({ message: 'refusals not told', chain: this.ctx.id.name, error: String(error) })
    })
  }

  /** One loop at a time: refusals that come meanwhile go out in its next round. */
  #tell(organizationId: OrganizationId): Promise<void> {
    this.#telling ??= this.#tellAll(organizationId).finally(() => (this.#telling = undefined))
    return this.#telling
  }

  async #tellAll(organizationId: OrganizationId): Promise<void> {
    for (;;) {
      const untold = this.#table.listUntold(maxTold)
      if (untold.length === 0) return
      const ids = untold.map(({ executionId }) => executionId)
      const starts = untold.map(({ text, begun }) => ({ ...(JSON.parse(text) as RefusedStart), begun }))
      const now = Date.now()
      const alerted = this.ctx.storage.kv.get<Alerted>('alerted')
      // The one that was to be told of before a crash is told of again, under the same name.
      const isDue = alerted === undefined || now - alerted.at >= alertEveryMs
      const told = isDue ? { executionId: ids[0]!, at: now } : alerted
      this.ctx.storage.transactionSync(() => {
        this.#table.beginToTell(ids)
        this.ctx.storage.kv.put('alerted', told)
        this.ctx.storage.kv.put('last', now)
      })
      await tellOfRefusals(this.env, organizationId, starts, told.executionId)
      this.#table.markTold(ids)
      this.#tidy(now)
    }
  }

  /** A chain in which something is refused all the time never forgets all of it. */
  #tidy(now: number): void {
    if (now - this.#tidiedAt < forgetToldEveryMs) return
    this.#tidiedAt = now
    this.#table.forgetTold(now - keepToldMs)
  }

  #load(): Recent {
    if (this.#recent !== undefined) return this.#recent
    const recent = new Recent({ withinMs: descendantsWithinMs, limit: descendants })
    for (const [id, at] of this.ctx.storage.kv.get<[string, number][]>('admitted') ?? []) recent.admit(id, at)
    this.#recent = recent
    return recent
  }

  /** Who is held is asked about again when this process may be gone. */
  #keepHeld(kept: KeptRepeats, now: number): void {
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.put('repeats', kept)
      this.ctx.storage.kv.put('last', now)
      if (this.#table.listUntold(1).length === 0) void this.ctx.storage.setAlarm(now + forgetAfterMs)
    })
  }

  #keepSoon(): void {
    this.#keeping ??= setTimeout(() => {
      this.#keeping = undefined
      const now = Date.now()
      this.ctx.storage.transactionSync(() => {
        this.ctx.storage.kv.put('admitted', this.#load().entries())
        this.ctx.storage.kv.put('last', now)
        if (this.#table.listUntold(1).length === 0) void this.ctx.storage.setAlarm(now + forgetAfterMs)
      })
    }, keepAfterMs)
  }

  async #forget(): Promise<void> {
    clearTimeout(this.#keeping)
    this.#keeping = undefined
    this.#recent = undefined
    this.#repeats = undefined
    this.#table.forget()
    await this.ctx.storage.deleteAll()
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('chain of another organization')
  }
}
