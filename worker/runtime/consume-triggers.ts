// consume-triggers
//
// Takes accepted events from their inboxes and begins what they start. Activation and version are decided here, by the
// routes that the inbox holds to be in force.
//
//   T1. Nothing is confirmed before it is durable elsewhere: an execution in its object, or its record in D1.
//   T2. Everything here may happen twice for one event: the same execution is begun under the same name, its object
//       takes the first, and D1 keeps the first.

import type { OrganizationId } from '../contract/id.ts'
import type { Env } from '../env.ts'
import { unreachable } from '../lib/unreachable.ts'
import type { ExecutionRecord } from '../store/records.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { beginExecution } from './begin-execution.ts'
import { executionOf } from './executions.ts'
import { packMessages, type Parcel } from './inbox/pack-messages.ts'
import { inboxOf } from './inboxes.ts'
import { isolateOf } from './isolate.ts'
import type { PendingRef, TriggerMessage } from './messages.ts'
import { eventStarts, webhookStarts, type Start } from './trigger-targets.ts'

/** Consumes a batch. A message whose inbox or objects could not be reached is tried again by the queue. */
export async function consumeTriggers(batch: MessageBatch<TriggerMessage>, env: Env): Promise<void> {
  const groups = Map.groupBy(batch.messages, ({ body }) => `${body.organizationId}:${body.shard}`)
  await Promise.all(
    [...groups.values()].map(async (messages) => {
      const { organizationId, shard } = messages[0]!.body
      const refs = messages.flatMap(({ body }) => body.refs)
      try {
        await consumeInbox(env, { organizationId, shard, refs })
        for (const message of messages) message.ack()
      } catch (error) {
        console.error({ message: 'triggers not consumed', organizationId, error: String(error) })
        for (const message of messages) message.retry()
      }
    }),
  )
}

async function consumeInbox(
  env: Env,
  { organizationId, shard, refs }: { organizationId: OrganizationId; shard: number; refs: PendingRef[] },
): Promise<void> {
  const inbox = inboxOf(env, organizationId, shard)
  const { epoch, events } = await inbox.take(organizationId, refs)
  const parcels: Parcel[] = []
  const done: PendingRef[] = []

  await Promise.all(
    events.map(async ({ day, key, id, kind, pending }) => {
      // An event whose records wait for D1 was consumed where it arrived.
      if (kind === 'records') return
      const trigger = JSON.parse(pending) as AcceptedTrigger
      const ref = { day, key, id }
      const records = await consumeTrigger(env, trigger, { shard, epoch })
      if (records.length === 0) done.push(ref)
      else parcels.push({ ref, kind: 'records', records: JSON.stringify(records) })
    }),
  )

  const { records } = packMessages({ organizationId, shard }, parcels)
  for (const send of records) await env.RECORDS.sendBatch(send)
  if (done.length > 0) await inbox.confirm(organizationId, done)
}

/** Begins all that an event starts; gives the records of what finished at once. Open executions are in their objects. */
export async function consumeTrigger(
  env: Env,
  trigger: AcceptedTrigger,
  routesAt: { shard: number; epoch: string },
): Promise<ExecutionRecord[]> {
  const { plans } = isolateOf(env)
  const records: ExecutionRecord[] = []
  for (const start of await startsOf(env, trigger, routesAt)) {
    const version = await plans.find(trigger.organizationId, start.versionId)
    if (version === undefined) continue
    const begun = beginExecution(version, trigger, start)
    if (begun.kind === 'finished') records.push(begun.record)
    else {
      const { organizationId, executionId } = begun.init.header
      await executionOf(env, organizationId, executionId).start(organizationId, JSON.stringify(begun.init))
    }
  }
  return records
}

/** What a trigger starts, by the routes of the epoch given; without one, by those at hand. */
export async function startsOf(
  env: Env,
  trigger: AcceptedTrigger,
  routesAt?: { shard: number; epoch: string },
): Promise<Start[]> {
  const isOld = ({ epochs }: { epochs: readonly string[] }) =>
    routesAt !== undefined && epochs[routesAt.shard] !== routesAt.epoch
  const { routes } = isolateOf(env)
  const { source } = trigger
  switch (source.kind) {
    case 'webhook': {
      let hook = await routes.findHook(source.hookKey)
      if (hook !== undefined && isOld(hook)) hook = await routes.findHook(source.hookKey, true)
      return hook === undefined ? [] : webhookStarts(hook.routes.targets)
    }
    case 'event': {
      let targets = await routes.listEventTargets(trigger.organizationId)
      if (isOld(targets)) targets = await routes.listEventTargets(trigger.organizationId, true)
      return eventStarts(targets.routes, trigger, source.eventType)
    }
    case 'start':
      return [{ ...source, kind: source.triggerKind }]
    default:
      return unreachable(source)
  }
}
