// gate-object
//
// One gate: of a workflow, for one key; of an organization; or of the installation. It knows storage, time and whom to
// notify; who goes on is decided by `concurrency/gate.ts`.
//
//   Q1. Who stands here, and which messages are still to be sent, is on disk before anybody is answered.
//   Q2. A message is sent until its execution has answered. One that answers `gone` has no place any more.
//   Q3. A gate at which nobody stands erases itself.

import { DurableObject } from 'cloudflare:workers'
import {
  adjust,
  heard,
  isIdle,
  leave,
  moveOn,
  nextMoveAt,
  nobodyStands,
  notReached,
  offer,
  ordersOf,
  seen,
  suspects,
  type Order,
} from '../../concurrency/gate.ts'
import { newLine, type Comer, type Line } from '../../concurrency/line.ts'
import type { GateSettings } from '../../concurrency/settings.ts'
import { countOf, standingOf, type Standing } from '../../concurrency/standing.ts'
import { ExecutionId, type OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { isArmed } from '../is-armed.ts'
import { installationGate, organizationGate, organizationOf } from '../names.ts'
import { gateTable, type GateTable } from './gate-table.ts'
import type { GateMessage } from './gate-message.ts'

/** Executions that are told at the same time. */
const atOnce = 20
const tryAgainMs = 5_000
const soonMs = 50
/** How long a gate is kept at which nobody stands, in ms. */
const idleForMs = 600_000

export class GateObject extends DurableObject<Env> {
  readonly #table: GateTable = gateTable(this.ctx.storage)
  #line: Line | undefined
  #armedAt: number | null | undefined
  #delivering: Promise<void> | undefined

  /**
   * An execution asks to be let through, by the settings of its version. JSON text of an `Answer`, which is durable when
   * this resolves; asking twice is asking once.
   */
  offer(organizationId: OrganizationId, settings: GateSettings, comer: Comer): string {
    const party = this.#admitCaller(organizationId)
    const admitted = party === undefined ? comer : { ...comer, party }
    return JSON.stringify(this.#change((line) => offer(line, settings, admitted, Date.now()), settings))
  }

  /** Other settings hold from now on. Where nobody stands there is nothing to tell. */
  adjust(organizationId: OrganizationId, settings: GateSettings): void {
    this.#admitCaller(organizationId)
    this.#change((line) => adjust(line, settings, Date.now()))
  }

  /** It is over, or does not want in any more. */
  leave(organizationId: OrganizationId, id: string): void {
    const party = this.#admitCaller(organizationId)
    this.#change((line) => line.places.get(id)?.party === party && leave(line, id, Date.now()))
  }

  /** How one that waits stands among the others; undefined of one that does not. */
  standing(organizationId: OrganizationId, id: string): Standing | undefined {
    const party = this.#admitCaller(organizationId)
    const line = this.#read()
    return line?.places.get(id)?.party === party ? line && standingOf(line, id) : undefined
  }

  /** How many are inside, and how many wait. Of a gate that organizations share, those of the caller's. */
  count(organizationId: OrganizationId): { running: number; waiting: number } {
    const party = this.#admitCaller(organizationId)
    const line = this.#read()
    return line === undefined ? { running: 0, waiting: 0 } : countOf(line, party)
  }

  override async alarm(): Promise<void> {
    this.#armedAt = null
    try {
      const line = this.#read()
      if (line === undefined) return
      if (isIdle(line, Date.now())) return await this.#forget()
      this.#change((current) => moveOn(current, Date.now()))
      await this.#deliver()
      await this.#askSuspects()
    } catch (error) {
      console.error({ message: 'gate not looked at', object: this.ctx.id.name, error: String(error) })
      this.#armedAt = Date.now() + tryAgainMs
      await this.ctx.storage.setAlarm(this.#armedAt)
    }
  }

  /** Changes the line, stores it, and sees to what follows. Undefined where there is no line and none is begun. */
  #change<Result>(work: (line: Line) => Result, settings?: GateSettings): Result | undefined {
    const line = this.#read() ?? (settings && newLine(settings))
    if (line === undefined) return undefined
    this.#line = line
    try {
      const result = work(line)
      this.ctx.storage.transactionSync(() => this.#table.write(line))
      this.#arm(line)
      if (ordersOf(line).length > 0) this.ctx.waitUntil(this.#deliver())
      return result
    } catch (error) {
      // What is in memory may be ahead of what is stored.
      this.#line = undefined
      throw error
    }
  }

  #read(): Line | undefined {
    this.#line ??= this.#table.read()
    return this.#line
  }

  /** One delivery loop at a time: messages that are added meanwhile go out in its next round. Never rejects. */
  #deliver(): Promise<void> {
    this.#delivering ??= this.#deliverAll().finally(() => (this.#delivering = undefined))
    return this.#delivering
  }

  async #deliverAll(): Promise<void> {
    const failed = new Set<string>()
    for (;;) {
      const line = this.#read()
      if (line === undefined) return
      const next = ordersOf(line).filter(({ id, kind }) => !failed.has(`${kind} ${id}`))
      if (next.length === 0) return
      await Promise.all(
        next.slice(0, atOnce).map(async (order) => {
          try {
            const isHere = await this.#send(order.id, line.places.get(order.id)?.party, messageOf(line, order))
            this.#change((now) => (isHere ? heard(now, order, Date.now()) : leave(now, order.id, Date.now())))
          } catch (error) {
            failed.add(`${order.kind} ${order.id}`)
            console.error({ message: 'gate not heard', execution: order.id, error: String(error) })
          }
        }),
      )
    }
  }

  /** Whether those whose lease is over are still there. One that cannot be asked keeps nobody else from being asked. */
  async #askSuspects(): Promise<void> {
    const since = Date.now()
    for (;;) {
      const line = this.#read()
      const some = line === undefined ? [] : suspects(line, since).slice(0, atOnce)
      if (line === undefined || some.length === 0) return
      const answers = await Promise.allSettled(
        some.map(({ id, party }) => this.#send(id, party, { kind: 'ask', gate: line.settings.gate })),
      )
      this.#change((now) => {
        for (const [index, answer] of answers.entries()) {
          const { id } = some[index]!
          if (answer.status === 'rejected') {
            console.error({ message: 'execution not asked by its gate', execution: id, error: String(answer.reason) })
            notReached(now, id, Date.now())
          } else if (answer.value) seen(now, id, Date.now())
          else leave(now, id, Date.now())
        }
      })
    }
  }

  /** Whether it is still there. */
  async #send(id: string, party: string | undefined, message: GateMessage): Promise<boolean> {
    const organizationId = (party as OrganizationId | undefined) ?? organizationOf(this.ctx.id.name ?? '')
    const [executionId, generation] = id.split('/')
    const execution = executionOf(this.env, organizationId, ExecutionId.parse(executionId))
    return (await execution.hearGate(organizationId, Number(generation), JSON.stringify(message))) === 'here'
  }

  #arm(line: Line): void {
    const now = Date.now()
    const move = Math.max(nextMoveAt(line) ?? Infinity, now + soonMs)
    const again = ordersOf(line).length > 0 ? now + tryAgainMs : Infinity
    const rest = nobodyStands(line) ? now + Math.max(idleForMs, restOf(line)) : Infinity
    const at = Math.min(move, again, rest)
    if (at === Infinity || isArmed(this.#armedAt, at, now)) return
    this.#armedAt = at
    void this.ctx.storage.setAlarm(at)
  }

  async #forget(): Promise<void> {
    this.#line = undefined
    this.#table.forget()
    await this.ctx.storage.deleteAll()
  }

  /** As whom the caller may speak: where many share it, each for its own organization's executions. */
  #admitCaller(organizationId: OrganizationId): OrganizationId | undefined {
    const { name = '' } = this.ctx.id
    if (name === installationGate) return organizationId
    if (organizationOf(name) !== organizationId) throw new Error('gate of another organization')
    return name === organizationGate(organizationId) ? organizationId : undefined
  }
}

/** How long the starts of a throttle count, in ms. */
function restOf({ settings }: Line): number {
  return settings.gate === 'throttle' ? settings.perMs : 0
}

function messageOf({ settings: { gate } }: Line, order: Order): GateMessage {
  return order.kind === 'pass' ? { kind: 'pass', gate } : { kind: order.kind, failure: order.failure }
}
