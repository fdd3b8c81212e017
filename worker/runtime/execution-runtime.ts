// execution-runtime
//
// The running system as use cases see it (`usecases/ports.ts`).

import { openDatabase } from '../store/database.ts'
import type { Execution, ExecutionSummary } from '../contract/execution.ts'
import type { ExecutionId, OrganizationId } from '../contract/id.ts'
import type { JournalEntry } from '../engine/event.ts'
import { fold } from '../engine/fold.ts'
import type { Env } from '../env.ts'
import { isTerminal } from '../contract/execution.ts'
import { appError } from '../lib/app-error.ts'
import { sha256Hex } from '../lib/digest.ts'
import { executionIdFor, idTime, newId } from '../lib/id.ts'
import { rowText } from '../store/records.ts'
import { executionStore } from '../store/executions.ts'
import { toExecution } from '../usecases/execution-view.ts'
import { withKeys } from '../usecases/with-keys.ts'
import type { ExecutionRuntime, StartRequest, Started } from '../usecases/ports.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { acceptStart, leftToConsumer } from './accept-start.ts'
import { beginInTurn } from './begin-in-turn.ts'
import type { ExecutionInit } from './execution/journal-table.ts'
import { toRecord } from './execution/to-record.ts'
import { toMessage } from './execution/sockets.ts'
import { judgeAsked, judgeStart } from './causality/judge-start.ts'
import { contactOf } from './contact/contact-runtime.ts'
import { eventOffer } from './event-offer.ts'
import { executionOf } from './executions.ts'
import { dayMs, rememberedDays } from './inbox/admit.ts'
import { findQueuePlace, placeId } from './gate/gates.ts'
import { findAccepted } from './find-accepted.ts'
import { handOverRecord } from './hand-over-record.ts'
import { forEachInbox } from './inboxes.ts'
import { isolateOf } from './isolate.ts'
import type { ReadyVersion } from './plans.ts'
import { performTestCall } from './perform-test-call.ts'
import { redeliver } from './redeliver.ts'
import { eventStarts } from './trigger-targets.ts'

const windowMs = rememberedDays * dayMs

function headerOf({ organizationId, workflow, version, graph, calendars }: ReadyVersion) {
  return { organizationId, workflow, version, graph, ...(calendars !== undefined && { calendars }) }
}

/** Good for as long as the isolate lives. */
export function createExecutionRuntime(env: Env): ExecutionRuntime {
  const { plans, routes, sharedGates } = isolateOf(env)

  async function startOne(request: StartRequest): Promise<Started> {
    const { organizationId, workflowId, versionId, trigger } = request
    const version = await plans.find(organizationId, versionId)
    if (version === undefined) throw appError('version.not_found')
    const accepted: AcceptedTrigger = {
      organizationId,
      eventId: newId('event'),
      at: Date.now(),
      source: { kind: 'start', workflowId, versionId, nodeId: trigger.nodeId, triggerKind: trigger.kind },
      data: trigger.data,
      ...(request.cause !== undefined && { cause: request.cause }),
    }
    const judgement = await judgeStart(env, version, accepted, trigger)
    const begun =
      judgement.kind === 'begin'
        ? await beginInTurn(env, version, accepted, trigger)
        : leftToConsumer(accepted, version, trigger)
    const key = request.idempotencyKey === undefined ? accepted.eventId : sha256Hex(request.idempotencyKey)
    const started = await acceptStart(
      env,
      {
        trigger: accepted,
        key: `start:${workflowId}:${key}`,
        windowMs,
        bodyHash: sha256Hex(JSON.stringify({ ...trigger, data: request.asked ?? trigger.data })),
      },
      begun,
      request.waitMs === undefined ? { until: 'now' } : { until: 'finished', timeoutMs: request.waitMs },
    )
    if (started.kind === 'conflict') throw appError('hook.conflict')
    if (started.kind === 'stale') throw appError('service.unavailable')
    const duplicate = started.kind === 'duplicate'
    const eventId = duplicate ? started.id : accepted.eventId
    const executionId = duplicate
      ? executionIdFor({ organizationId, workflowId, nodeId: trigger.nodeId, eventId })
      : started.executionId
    if (request.waitMs === undefined) return { eventId, executionId, duplicate }
    const execution =
      duplicate || begun.kind !== 'finished'
        ? await find(organizationId, executionId)
        : toExecution(begun.init.header, begun.init.entries)
    return { eventId, executionId, duplicate, ...(execution === undefined ? {} : { execution }) }
  }

  async function find(organizationId: OrganizationId, id: ExecutionId): Promise<Execution | undefined> {
    const text = await executionOf(env, organizationId, id).view(organizationId)
    if (text !== undefined) return placed(organizationId, JSON.parse(text) as Execution)
    const accepted = await findAccepted(env, organizationId, id)
    if (accepted === undefined) return undefined
    const execution = toExecution(accepted.facts, accepted.entries)
    return accepted.entries.length === 0 ? { ...execution, triggerData: accepted.triggerData } : execution
  }

  /** With how it stands at the gate at which it waits. */
  async function placed<Shown extends Pick<ExecutionSummary, 'id' | 'workflowId' | 'generation' | 'queue'>>(
    organizationId: OrganizationId,
    shown: Shown,
  ): Promise<Shown> {
    const { id, workflowId, generation, queue } = shown
    if (queue === undefined) return shown
    const ref = { gate: queue.gate, key: queue.key ?? null }
    return {
      ...shown,
      queue: await findQueuePlace(env, {
        organizationId,
        workflowId,
        id: placeId({ executionId: id }, generation),
        ref,
      }),
    }
  }

  /** An execution as D1 has it, in the form its object begins with. */
  async function findStored(organizationId: OrganizationId, id: ExecutionId): Promise<ExecutionInit | undefined> {
    const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
    if (stored === undefined) return undefined
    const version = await plans.find(organizationId, stored.summary.versionId)
    if (version === undefined) return undefined
    return {
      header: {
        ...headerOf(version),
        executionId: id,
        eventId: stored.summary.eventId,
        acceptedAt: idTime(id),
        ...(stored.summary.contactId !== undefined && { contactId: stored.summary.contactId }),
      },
      entries: JSON.parse(stored.journal) as JournalEntry[],
    }
  }

  return {
    start: startOne,
    findLive: find,
    async findQueuePlaces(organizationId, ids) {
      const found = await Promise.allSettled(
        ids.map(async (id) => {
          const text = await executionOf(env, organizationId, id).waitsAt(organizationId)
          if (text === undefined) return undefined
          const at = JSON.parse(text) as Pick<ExecutionSummary, 'workflowId' | 'generation' | 'queue'>
          return [id, (await placed(organizationId, { ...at, id })).queue!] as const
        }),
      )
      return new Map(
        found.flatMap((each) => (each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [])),
      )
    },
    listSharedGates: (organizationId) => sharedGates.listFor(organizationId),
    async findJournal(organizationId, id) {
      const text = await executionOf(env, organizationId, id).journal(organizationId)
      if (text !== undefined) return JSON.parse(text) as JournalEntry[]
      return (await findAccepted(env, organizationId, id))?.entries
    },

    perform: (call) => performTestCall(env, call),
    redeliver: (organizationId, letter) => redeliver(env, organizationId, letter),

    async emit(organizationId, event, { cause, sender } = {}) {
      const { type, id: senderId, occurredAt, contactId, data = null } = event
      const contact =
        contactId === undefined ? undefined : await contactOf(env, organizationId, contactId).read(organizationId)
      const outgoing = { eventId: newId('event'), type, data, senderId, occurredAt, contactId, contact, cause, sender }
      const { accepted, offer } = eventOffer(organizationId, outgoing, Date.now())
      const { routes: targets } = await routes.listEventTargets(organizationId)
      const executionIds = eventStarts(targets, accepted, event.type).map(({ workflowId, nodeId }) =>
        executionIdFor({ organizationId, workflowId, nodeId, eventId: accepted.eventId }),
      )
      const acceptance = await isolateOf(env).acceptor.accept(organizationId, {
        ...offer,
        answer: JSON.stringify(executionIds),
      })
      if (acceptance.kind === 'conflict') throw appError('hook.conflict')
      if (acceptance.kind === 'stale') throw appError('service.unavailable')
      const duplicate = acceptance.kind === 'duplicate'
      const ids = duplicate ? (JSON.parse(acceptance.answer) as string[]) : executionIds
      const [only] = ids
      return {
        eventId: duplicate ? acceptance.id : accepted.eventId,
        executionIds: ids,
        duplicate,
        ...(ids.length === 1 && only !== undefined ? { executionId: only } : {}),
      }
    },

    cancel(organizationId, id, by, reason) {
      return executionOf(env, organizationId, id).cancel(organizationId, by, reason)
    },

    control(organizationId, id, input) {
      return executionOf(env, organizationId, id).control(organizationId, input)
    },

    judge: (organizationId, asked) => judgeAsked(env, organizationId, asked, Date.now()),

    async redrive(organizationId, id, by, edits, cause) {
      const stored = await findStored(organizationId, id)
      // Before an object is made for what never had one.
      if (stored !== undefined && fold(stored.entries).origin?.pretend === true) return 'pretended'
      return executionOf(env, organizationId, id).redrive(
        organizationId,
        by,
        stored === undefined ? undefined : JSON.stringify(stored),
        edits === undefined ? undefined : JSON.stringify(edits),
        cause === undefined ? undefined : JSON.stringify(cause),
      )
    },

    async beginFork({ organizationId, executionId, eventId, acceptedAt, versionId, contactId, entries, pretend }) {
      const version = await plans.find(organizationId, versionId)
      if (version === undefined) throw appError('version.not_found')
      const about = contactId === undefined ? {} : { contactId }
      const header = { ...headerOf(version), executionId, eventId, acceptedAt, ...about }
      if (!pretend) {
        await executionOf(env, organizationId, executionId).start(organizationId, JSON.stringify({ header, entries }))
        return
      }
      const record = rowText(toRecord(header, entries, fold(entries), null))
      await handOverRecord(env, { organizationId, executionId, record })
    },

    migrate(organizationId, id, wish) {
      return executionOf(env, organizationId, id).migrate(organizationId, wish)
    },

    async openSocket(organizationId, id, request) {
      const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
      const alive = await executionOf(env, organizationId, id).view(organizationId)
      if (alive !== undefined || stored === undefined || !isTerminal(stored.summary.status)) {
        return executionOf(env, organizationId, id).fetch(request)
      }
      // It ended without an object, or its object is gone: all there is to say is said at once.
      const init = await findStored(organizationId, id)
      const { 0: client, 1: server } = new WebSocketPair()
      server.accept()
      const ended = init && toExecution(init.header, init.entries)
      server.send(toMessage(ended && (await withKeys(isolateOf(env).vault, organizationId, ended))))
      server.close(1000, 'finished')
      return new Response(null, { status: 101, webSocket: client })
    },

    async routesChanged(organizationId) {
      const epoch = newId('event')
      await forEachInbox(env, organizationId, (inbox) => inbox.setEpoch(organizationId, epoch))
    },
  }
}
