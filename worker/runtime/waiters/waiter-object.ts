// waiter-object
//
// Who waits for which event: of one contact, or of an organization for events about anybody. It keeps the events that
// may be waited for, so that who begins to wait hears of one that came just before.
//
//   W1. An event is kept, and whom it is for is noted, in one transaction; only then is it taken over. What is noted is
//       brought until its execution has answered.
//   W2. Whether an event is the one is the execution's to decide. It is brought once more rather than not at all.
//   W3. Nobody who does not wait any more is kept: executions say so when an event is brought, and every wait has an end.

import { DurableObject } from 'cloudflare:workers'
import { ExecutionId, type OrganizationId } from '../../contract/id.ts'
import type { Heard } from '../../engine/behaviour.ts'
import type { Listening } from '../../engine/effect.ts'
import type { Env } from '../../env.ts'
import { executionOf } from '../executions.ts'
import { organizationOf } from '../names.ts'
import { waiterTable, type WaiterTable } from './waiter-table.ts'

/** How long and how many events are kept to be looked back at. */
export const keptForMs = 30 * 86_400_000
const maxKept = 10_000
/** Executions that are told at the same time. */
const atOnce = 20
const tryAgainMs = 5_000
const tidyEveryMs = 86_400_000

export class WaiterObject extends DurableObject<Env> {
  readonly #table: WaiterTable = waiterTable(this.ctx.storage, maxKept)
  #delivering: Promise<void> | undefined

  /** Takes over an event (JSON text of a `Heard`) and brings it to who waits for it. Twice is once. */
  async hear(organizationId: OrganizationId, event: string): Promise<void> {
    this.#admitCaller(organizationId)
    const heard = JSON.parse(event) as Heard
    if (!this.#table.keep(heard)) return
    await this.#wakeUp(organizationId)
  }

  /** Notes that a step of an execution listens, and brings what it looks back at. Twice is once. */
  async listen(organizationId: OrganizationId, executionId: ExecutionId, listening: Listening): Promise<void> {
    this.#admitCaller(organizationId)
    this.#table.listen(executionId, listening)
    await this.#wakeUp(organizationId)
  }

  /** What was kept is not to be looked back at any more: the contact is gone. What is still to be brought is brought. */
  async forgetEvents(organizationId: OrganizationId): Promise<void> {
    this.#admitCaller(organizationId)
    if (this.#table.tidy({ now: Date.now(), eventsBefore: Number.MAX_SAFE_INTEGER })) return
    await this.ctx.storage.deleteAll()
  }

  override async alarm(): Promise<void> {
    const organizationId = organizationOf(this.ctx.id.name ?? '') as OrganizationId
    try {
      await this.#deliver(organizationId)
      const now = Date.now()
      if (this.#table.tidy({ now, eventsBefore: now - keptForMs })) {
        await this.ctx.storage.setAlarm(now + (this.#table.hasDeliveries() ? tryAgainMs : tidyEveryMs))
      } else await this.ctx.storage.deleteAll()
    } catch (error) {
      console.error({ message: 'events not brought', object: this.ctx.id.name, error: String(error) })
      await this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
    }
  }

  /** Armed before it is tried: whoever dies in between has an alarm. */
  async #wakeUp(organizationId: OrganizationId): Promise<void> {
    if (this.#table.hasDeliveries()) {
      await this.ctx.storage.setAlarm(Date.now() + tryAgainMs)
      this.ctx.waitUntil(this.#deliver(organizationId))
    } else if ((await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now() + tidyEveryMs)
    }
  }

  /** One delivery of all that is noted at a time: what comes in between is seen in its next round. */
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
