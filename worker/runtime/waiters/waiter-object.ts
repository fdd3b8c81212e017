// waiter-object
//
// Which steps wait for which event: for events about one contact, or for those of an organization about anybody. It keeps the
// events that may be waited for, so that a step that begins to wait gets an event that came just before.
//
//   W1. An event is stored with its deliveries in one transaction, and only then is its sender answered. A delivery is tried
//       until its execution has answered.
//   W2. The execution decides whether an event is the one it waits for. An event is delivered twice rather than not at all.
//   W3. Steps that do not wait any more are not kept for long: executions say so when an event is delivered, those that have
//       ended are looked for once a day, and every wait has an end.

import { DurableObject } from 'cloudflare:workers'
import { ExecutionId, type OrganizationId } from '../../contract/id.ts'
import type { Heard } from '../../engine/behaviour.ts'
import type { Listening } from '../../engine/effect.ts'
import type { Env } from '../../env.ts'
import { openDatabase } from '../../store/database.ts'
import { listEnded } from '../../store/executions.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { organizationOf } from '../names.ts'
import { waiterTable, type WaiterTable } from './waiter-table.ts'

/** How long and how many events are kept to be looked back at. */
export const keptForMs = 30 * 86_400_000
const maxKept = 10_000
/** Deliveries under way at the same time. */
const atOnce = 20
const tryAgainMs = 5_000
const tidyEveryMs = 86_400_000
/** So many waiting executions are looked up in a day, so many at a time. */
const maxAsked = 5_000
const askedAtOnce = 500

export class WaiterObject extends DurableObject<Env> {
  readonly #table: WaiterTable = waiterTable(this.ctx.storage, maxKept)
  /** Steps that began to wait while their execution was asked for the steps that do. */
  readonly #listening = new Set<string>()
  #delivering: Promise<void> | undefined

  /** Stores an event (JSON text of a `Heard`) and delivers it to the steps that wait for it. Twice is once. */
  async hear(organizationId: OrganizationId, event: string): Promise<void> {
    this.#admitCaller(organizationId)
    const heard = JSON.parse(event) as Heard
    if (!this.#table.keep(heard)) return
    await this.#wakeUp(organizationId)
  }

  /** Notes that a step of an execution waits, and delivers the past events that it looks back at. Twice is once. */
  async listen(organizationId: OrganizationId, executionId: ExecutionId, listening: Listening): Promise<void> {
    this.#admitCaller(organizationId)
    this.#table.listen(executionId, listening)
    this.#listening.add(`${executionId} ${listening.path}`)
    await this.#wakeUp(organizationId)
  }

  /** Forgets past events, because the contact was deleted. Deliveries that are noted already are still made. */
  async forgetEvents(organizationId: OrganizationId): Promise<void> {
    this.#admitCaller(organizationId)
    if (this.#table.tidy({ now: Date.now(), eventsBefore: Number.MAX_SAFE_INTEGER })) return
    await this.ctx.storage.deleteAll()
  }

  override async alarm(): Promise<void> {
    const organizationId = organizationOf(this.ctx.id.name ?? '')
    try {
      await this.#deliver(organizationId)
      const now = Date.now()
      await this.#forgetEnded(organizationId, now)
      if (this.#table.tidy({ now, eventsBefore: now - keptForMs })) {
        await this.ctx.storage.setAlarm(now + (this.#table.hasDeliveries() ? tryAgainMs : tidyEveryMs))
      } else await this.ctx.storage.deleteAll()
    } catch (error) {
      console.error({ message: 'events not brought', object: this.ctx.id.name, error: String(error) })
      await this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
    }
  }

  /**
   * Once a day, forgets the steps of executions that have ended. The database says which executions those may be, and each
   * is asked itself: it may have been tried again since.
   */
  async #forgetEnded(organizationId: OrganizationId, now: number): Promise<void> {
    const { at, after } = this.#table.asked()
    if (at > now - tidyEveryMs) return
    let last = after
    for (let asked = 0; asked < maxAsked; asked += askedAtOnce) {
      const ids = this.#table.listWaiting(last, askedAtOnce)
      const ended = await listEnded(openDatabase(this.env.LOGS), organizationId, ids)
      for (const id of ended) await this.#forgetIfEnded(organizationId, id)
      last = ids.length < askedAtOnce ? '' : ids.at(-1)!
      if (last === '') break
    }
    this.#table.noteAsked({ at: now, after: last })
  }

  async #forgetIfEnded(organizationId: OrganizationId, id: ExecutionId): Promise<void> {
    this.#listening.clear()
    const paths = await executionOf(this.env, organizationId, id).listensAt(organizationId)
    for (const path of this.#table.pathsOf(id)) {
      // A step that began to wait in the meantime is not in the answer.
      if (!paths.includes(path) && !this.#listening.has(`${id} ${path}`)) this.#table.forget(id, path)
    }
  }

  /** The alarm is armed before a delivery is tried: where the process dies in between, the alarm delivers. */
  async #wakeUp(organizationId: OrganizationId): Promise<void> {
    if (this.#table.hasDeliveries()) {
      await this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
      this.ctx.waitUntil(this.#deliver(organizationId))
    } else if ((await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now() + tidyEveryMs)
    }
  }

  /** One delivery loop at a time: events that come meanwhile go out in its next round. */
  #deliver(organizationId: OrganizationId): Promise<void> {
    this.#delivering ??= this.#deliverAll(organizationId).finally(() => (this.#delivering = undefined))
    return this.#delivering
  }

  async #deliverAll(organizationId: OrganizationId): Promise<void> {
    const failed = new Set<string>()
    for (;;) {
      // Per step in the order of the events: the first one that it takes is the one.
      const next = this.#table.nextDeliveries(atOnce, failed)
      if (next.length === 0) return
      await Promise.all(
        next.map(async ({ seq, executionId, path, event }) => {
          try {
            const id = ExecutionId.parse(executionId)
            const answer = await executionOf(this.env, organizationId, id).hear(organizationId, path, event)
            if (answer === 'passed') this.#table.delivered(seq, executionId, path)
            else this.#table.forget(executionId, path)
          } catch (error) {
            failed.add(`${executionId} ${path}`)
            console.error({ message: 'event not brought', execution: executionId, error: String(error) })
          }
        }),
      )
    }
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('waiters of another organization')
  }
}
