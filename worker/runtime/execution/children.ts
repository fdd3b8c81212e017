// children
//
// What an execution's object does about the executions that its steps call.
//
//   C1. A child's name comes from its parent, the generation and the step, so starting it twice starts it once, and it can be
//       cancelled though the answer to its start was lost.
//   C2. Which version a child executes is decided when it is started. Before a start is refused the child's object is asked:
//       it may have been started before, whatever became of its workflow since.
//   C3. A child is not cancelled while it is being started: the cancellation could arrive first, and find no execution.
//   C4. What fails for reasons of the platform is tried again at the next look; only answers are reported to the engine.

import { isTerminal } from '../../contract/facts/execution.ts'
import type { EventId, ExecutionId, OrganizationId, WorkflowId } from '../../contract/id.ts'
import type { Failure } from '../../contract/failure.ts'
import { failureOf, type Loop } from '../../causality/loop.ts'
import { nextChain } from '../../causality/next-chain.ts'
import { gatesFor } from '../../concurrency/gates-of.ts'
import { advance } from '../../engine/advance.ts'
import type { ChildEnd } from '../../engine/behaviour.ts'
import type { ChildOrder } from '../../engine/effect.ts'
import type { FinalStatus, JournalEntry } from '../../engine/event.ts'
import { fold } from '../../engine/fold.ts'
import type { Input } from '../../engine/input.ts'
import { newState, type ExecutionState } from '../../engine/state.ts'
import { inProduction } from '../../engine/turn.ts'
import type { Env } from '../../env.ts'
import { base32Number } from '../../lib/base32.ts'
import { shortHash } from '../../lib/digest.ts'
import { executionIdFor } from '../../lib/id.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { openDatabase } from '../../store/database.ts'
import { executionStore } from '../../store/executions.ts'
import { rowText } from '../../store/records.ts'
import { judgeCall, noteRefusal } from '../causality/judge-start.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { executionOf } from './execution-stub.ts'
import { handOverRecord } from '../records/hand-over-record.ts'
import { isolateOf } from '../isolate.ts'
import type { ReadyVersion } from '../plans.ts'
import type { ExecutionInit } from './journal-table.ts'
import { toRecord } from '../records/to-record.ts'

type Begin = ExecutionInit & Required<Pick<ExecutionInit, 'begin'>>

/** How a child ended, as its parent is told. */
export type ChildNews = ChildEnd & { status: FinalStatus }

export class Children {
  readonly #env: Env
  readonly #underWay = new Map<string, Promise<Input | undefined>>()

  constructor(env: Env) {
    this.#env = env
  }

  /**
   * Does what is wanted of a child, unless that is under way. Resolves with what to tell the engine; undefined is nothing
   * yet. Never rejects.
   */
  async look(header: ExecutionHeader, order: ChildOrder): Promise<Input | undefined> {
    const name = `${order.want} ${order.key}`
    if (this.#underWay.has(name)) return undefined
    const act = this.#act(header, order).catch((error: unknown) => {
      console.error({ message: 'child not reached', execution: header.executionId, child: name, error: String(error) })
      return undefined
    })
    this.#underWay.set(name, act)
    try {
      return await act
    } finally {
      this.#underWay.delete(name)
    }
  }

  #act(header: ExecutionHeader, order: ChildOrder): Promise<Input | undefined> {
    switch (order.want) {
      case 'start':
        return this.#start(header, order)
      case 'watch':
        return this.#watch(header, order)
      case 'cancel':
        return this.#cancel(header, order)
      default:
        return unreachable(order.want)
    }
  }

  async #start(header: ExecutionHeader, order: ChildOrder): Promise<Input> {
    const { organizationId } = header
    const { key } = order
    const id = childIdOf(header, order)
    const child = executionOf(this.#env, organizationId, id)
    const begin = await this.#prepare(header, order, id)
    if ('refused' in begin) return { type: 'childEnded', key, end: begin.refused }
    if ('init' in begin) {
      const { status } = await child.start(organizationId, JSON.stringify(begin.init))
      const news = status === 'unknown' || !isTerminal(status) ? undefined : await this.#newsOf(organizationId, id)
      if (news !== undefined) return { type: 'childEnded', key, end: news }
    } else {
      const { status } = await child.lookUp(organizationId)
      if (status === 'unknown') {
        return { type: 'childEnded', key, end: { executionId: null, status: 'failed', output: null, ...begin } }
      }
    }
    return { type: 'childStarted', key, executionId: id }
  }

  async #watch(header: ExecutionHeader, order: ChildOrder): Promise<Input | undefined> {
    const { organizationId } = header
    const id = childIdOf(header, order)
    const { status } = await executionOf(this.#env, organizationId, id).wait(organizationId, { until: 'now' })
    if (status !== 'unknown' && !isTerminal(status)) return undefined
    const news = await this.#newsOf(organizationId, id)
    return news === undefined ? undefined : { type: 'childEnded', key: order.key, end: news }
  }

  async #cancel(header: ExecutionHeader, order: ChildOrder): Promise<Input> {
    const { organizationId, executionId } = header
    const { key } = order
    await this.#underWay.get(`start ${key}`)
    const child = executionOf(this.#env, organizationId, childIdOf(header, order))
    await child.cancel(organizationId, executionId, 'The execution that called it waits no longer.')
    return { type: 'childReleased', key }
  }

  /** How it has ended: by its object, or by D1 when that is gone. Undefined when it has not, as far as is known. */
  async #newsOf(organizationId: OrganizationId, id: ExecutionId): Promise<ChildNews | undefined> {
    const text = await executionOf(this.#env, organizationId, id).news(organizationId)
    if (text !== undefined) return JSON.parse(text) as ChildNews
    const stored = await executionStore(openDatabase(this.#env.LOGS), { organizationId }, undefined).find(id)
    return stored === undefined ? undefined : newsIn(id, fold(JSON.parse(stored.journal) as JournalEntry[]))
  }

  async #prepare(
    header: ExecutionHeader,
    { call, at, key, path, depth }: ChildOrder,
    executionId: ExecutionId,
  ): Promise<{ init: ExecutionInit } | { failure: Failure } | { refused: ChildNews }> {
    const { organizationId } = header
    const { plans, routeStore, sharedGates } = isolateOf(this.#env)
    const called = await routeStore.findCalled(organizationId, call.workflowId)
    if (called === undefined) return refuse('call.not_found', 'The workflow that is to be called does not exist.')
    const version =
      called.isActive && called.versionId !== null ? await plans.find(organizationId, called.versionId) : undefined
    if (version === undefined) return refuse('call.not_active', 'The workflow that is to be called is not active.')
    const trigger = triggerOf(version)
    if (trigger === undefined) {
      return refuse('call.no_trigger', 'The workflow that is to be called has no manual trigger to start at.')
    }
    const { workflow, version: frozen, graph, calendars, organizationVars } = version
    const data = { type: 'manual', data: call.input }
    const passing = version.gates === undefined ? undefined : gatesFor(version.gates, data, at)
    if (passing?.failure !== undefined) return { failure: passing.failure }
    const gates = [...(passing?.refs ?? []), ...(await sharedGates.listFor(organizationId))]
    const { eventId, sender } = header
    const chain = nextChain(header.cause, { workflowId: header.workflow.id, eventId, sender })
    const init: Begin = {
      header: {
        organizationId,
        executionId,
        workflow,
        version: frozen,
        eventId: eventIdOf(header, { at, key }),
        acceptedAt: at,
        graph,
        ...(calendars !== undefined && { calendars }),
        ...(header.contactId !== undefined && { contactId: header.contactId }),
        cause: chain,
      },
      entries: [],
      begin: {
        trigger: { nodeId: trigger, kind: 'call', data },
        ...(gates.length > 0 && { gates }),
        parent: { executionId: header.executionId, path, key, depth },
        cause: chain,
        ...(organizationVars !== undefined && { organizationVars }),
      },
    }
    const judgement = await judgeCall(this.#env, version, { organizationId, executionId, at, chain })
    return judgement.kind === 'refused' ? { refused: await this.#refuse(init, version, judgement.loop) } : { init }
  }

  /** An execution that is not to begin is there all the same, for people to see. */
  async #refuse({ header, begin }: Begin, version: ReadyVersion, loop: Loop): Promise<ChildNews> {
    const { organizationId, executionId, workflow, eventId, acceptedAt: at } = header
    const state = newState()
    const failure = failureOf(loop)
    const host = { plan: version.plan, state, identity: inProduction(executionId) }
    const { entry } = advance(host, { type: 'start', ...begin, refusal: failure }, at)
    const record = rowText(toRecord(header, entry === null ? [] : [entry], state, null))
    await noteRefusal(this.#env, organizationId, {
      executionId,
      workflow,
      nodeId: begin.trigger.nodeId,
      eventId,
      at,
      loop,
    })
    await handOverRecord(this.#env, { organizationId, executionId, record })
    return { executionId, status: 'skipped', output: null, failure }
  }
}

/** How an execution ended, for its parent; undefined while it goes on. */
export function newsIn(executionId: ExecutionId, { finished }: ExecutionState): ChildNews | undefined {
  if (finished === null) return undefined
  const { status, output, failure } = finished
  return { executionId, status, output, ...(failure !== undefined && { failure }) }
}

function triggerOf({ graph }: ReadyVersion): string | undefined {
  return graph.nodes.find(({ type }) => type === 'trigger.manual')?.id
}

function childIdOf(header: ExecutionHeader, { call, at, key }: ChildOrder): ExecutionId {
  return executionIdFor({
    organizationId: header.organizationId,
    // Whatever the call names: what is no workflow is refused, and its name never used.
    workflowId: call.workflowId as WorkflowId,
    nodeId: 'call',
    eventId: eventIdOf(header, { at, key }),
  })
}

/** What counts as the event that a call is: made from its cause, as an execution's name is. */
function eventIdOf({ executionId }: ExecutionHeader, { at, key }: Pick<ChildOrder, 'at' | 'key'>): EventId {
  return `evt_${base32Number(at, 10)}${shortHash(`${executionId}|${key}`)}` as EventId
}

function refuse(code: string, message: string): { failure: Failure } {
  return { failure: { kind: 'terminal', code, message } }
}
