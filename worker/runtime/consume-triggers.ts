// consume-triggers
//
// Takes accepted events from their inboxes and begins what they start. Activation and version are decided here, by the
// routes that the inbox holds to be in force.
//
//   T1. Nothing is confirmed before it is durable elsewhere: an execution in its object, or its record in D1.
//   T2. Everything here may happen twice for one event: the same execution is begun under the same name, its object
//       takes the first, and D1 keeps the first.

import type { Env } from '../env.ts'
import { unreachable } from '../lib/unreachable.ts'
import { rowText, type ExecutionRecord } from '../store/records.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { beginExecution } from './begin-execution.ts'
import { confirmAll } from './confirm-all.ts'
import { enrolmentOf, hasLeft, mayEnter } from './contact/begin-enrolled.ts'
import { executionOf } from './executions.ts'
import { isCarried, packRecords } from './inbox/pack-messages.ts'
import { inboxOf } from './inboxes.ts'
import { isolateOf } from './isolate.ts'
import type { InboxRefs, TriggerMessage } from './messages.ts'
import { writeAtOnce, writeInBulk } from './project-records.ts'
import { sendMessages } from './send-messages.ts'
import { eventStarts, webhookStarts, type Start } from './trigger-targets.ts'
import { wakeWaiters } from './waiters/wake-waiters.ts'

/** An event whose executions are begun: what it left for D1. */
interface Consumed {
  number: number
  /** JSON texts of `RecordRow`s. */
  records: string[]
}

/** Consumes a batch. A message whose inbox, objects or records could not be reached is tried again by the queue. */
export async function consumeTriggers(batch: MessageBatch<TriggerMessage>, env: Env): Promise<void> {
  const groups = Map.groupBy(batch.messages, ({ body }) => `${body.organizationId}:${body.shard}`)
  const consumed = await Promise.all(
    [...groups.values()].map(async (messages) => {
      const { organizationId, shard } = messages[0]!.body
      const inbox: InboxRefs = { organizationId, shard, refs: messages.flatMap(({ body }) => body.refs) }
      try {
        return { inbox, messages, ...(await consumeInbox(env, inbox)) }
      } catch (error) {
        console.error({ message: 'inbox not reached', organizationId, shard, error: String(error) })
        return { inbox, messages, events: [], isWhole: false }
      }
    }),
  )
  const isWritten = await writeInBulk(
    env,
    consumed.flatMap(({ events }) => events.flatMap(({ records }) => records)),
  )
  const done = await Promise.all(
    consumed.map(async ({ inbox, messages, events, isWhole }) => {
      const sent = isWritten ? { refs: numbersOf(events), isWhole: true } : await sendRecords(env, inbox, events)
      // What is done is confirmed below, so that trying again finds only what is not.
      for (const message of messages)
        if (isWhole && sent.isWhole) message.ack()
        else message.retry()
      return { ...inbox, refs: sent.refs }
    }),
  )
  await confirmAll(
    env,
    done.filter(({ refs }) => refs.length > 0),
  )
}

/** The events that could be begun, and whether those were all of them. */
async function consumeInbox(
  env: Env,
  { organizationId, shard, refs }: InboxRefs,
): Promise<{ events: Consumed[]; isWhole: boolean }> {
  const { epoch, rows } = await inboxOf(env, organizationId, shard).take(organizationId, refs)
  // An event whose record waits for D1 was consumed where it arrived.
  const triggers = rows.filter(({ kind }) => kind === 'trigger')
  const events = await Promise.all(
    triggers.map(async ({ number, text }) => {
      try {
        const records = await consumeTrigger(env, JSON.parse(text) as AcceptedTrigger, { shard, epoch })
        return { number, records: records.map(rowText) }
      } catch (error) {
        // One that can not be begun must not hold up the others.
        console.error({ message: 'trigger not consumed', organizationId, shard, number, error: String(error) })
        return undefined
      }
    }),
  )
  const begun = events.filter((event) => event !== undefined)
  return { events: begun, isWhole: begun.length === triggers.length }
}

/** Gives the records of events to the queue, whose consumer confirms them. The events that need no more than that. */
async function sendRecords(
  env: Env,
  inbox: InboxRefs,
  events: readonly Consumed[],
): Promise<{ refs: number[]; isWhole: boolean }> {
  const [small, large] = [events.filter(isSmall), events.filter((event) => !isSmall(event))]
  const [recorded, bare] = [small.filter(hasRecords), small.filter((event) => !hasRecords(event))]
  try {
    const parcels = recorded.map(({ number, records }) => ({ number, text: records.join(',') }))
    await sendMessages(env.RECORDS, packRecords(inbox, parcels))
    // A message could only name these, and the inbox has the event but not what became of it.
    await writeAtOnce(
      env,
      large.flatMap(({ records }) => records),
    )
    return { refs: numbersOf([...bare, ...large]), isWhole: true }
  } catch (error) {
    console.error({ message: 'records not sent', organizationId: inbox.organizationId, error: String(error) })
    return { refs: numbersOf(bare), isWhole: false }
  }
}

const numbersOf = (events: readonly Consumed[]) => events.map(({ number }) => number)
const hasRecords = ({ records }: Consumed) => records.length > 0
const isSmall = ({ records }: Consumed) => isCarried(records.join(','))

/** Begins all that an event starts; gives the records of what finished at once. Open executions are in their objects. */
export async function consumeTrigger(
  env: Env,
  trigger: AcceptedTrigger,
  routesAt: { shard: number; epoch: string },
): Promise<ExecutionRecord[]> {
  const { plans } = isolateOf(env)
  const records: ExecutionRecord[] = []
  await wakeWaiters(env, trigger, routesAt)
  for (const start of await startsOf(env, trigger, routesAt)) {
    const version = await plans.find(trigger.organizationId, start.versionId)
    if (version === undefined) continue
    const enrolment = enrolmentOf(version, trigger)
    if (enrolment !== undefined && !(await mayEnter(env, version, trigger, start, enrolment))) continue
    const begun = beginExecution(version, trigger, start)
    if (begun.kind === 'finished') {
      if (enrolment !== undefined) await hasLeft(env, begun.init.header, trigger.at)
      records.push(begun.record)
    } else {
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
