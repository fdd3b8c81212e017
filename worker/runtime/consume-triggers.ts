// consume-triggers
//
// Takes accepted events from their inboxes and begins what they start. Activation and version are decided here, by the
// routes that the inbox holds to be in force.
//
//   T1. Nothing is confirmed before D1 has a record of every execution that it began. An execution that is all that its
//       event began ends the event itself, with its first record; any other is recorded here.
//   T2. Everything here may happen twice for one event: the same execution is begun under the same name, its object
//       takes the first, and D1 keeps the first. An event that lay in its inbox for so long that the object may have been
//       erased since is looked up.

import type { Env } from '../env.ts'
import { inTurns } from '../lib/in-turns.ts'
import { unreachable } from '../lib/unreachable.ts'
import { openDatabase } from '../store/database.ts'
import { listEnded } from '../store/executions.ts'
import { joinRows, rowText, type ExecutionRecord } from '../store/records.ts'
import type { AcceptedTrigger } from './accepted-trigger.ts'
import { beginInTurn } from './begin-in-turn.ts'
import { judgeStart, mayLoop, refuseStart } from './causality/judge-start.ts'
import { confirmAll } from './confirm-all.ts'
import { enrolmentOf, hasLeft, mayEnter } from './contact/begin-enrolled.ts'
import type { ExecutionHeader } from './execution-header.ts'
import { holdMs } from './execution/next-alarm.ts'
import { toRecord } from './execution/to-record.ts'
import { executionOf } from './executions.ts'
import { isCarried, packRecords } from './inbox/pack-messages.ts'
import { mostTaken } from './inbox/inbox-table.ts'
import { inboxOf } from './inboxes.ts'
import { isolateOf } from './isolate.ts'
import type { InboxRefs, TriggerMessage } from './messages.ts'
import { writeAtOnce, writeInBulk } from './project-records.ts'
import { sendMessages } from './send-messages.ts'
import { eventStarts, webhookStarts, type Start } from './trigger-targets.ts'
import { wakeWaiters } from './waiters/wake-waiters.ts'

/** An event whose executions are begun, and which is to be confirmed when D1 has these records. */
interface Consumed {
  number: number
  /** Records, each as text. */
  records: string[]
}

/** Where an event lies. */
interface EventPlace {
  shard: number
  /** The routes in force there. */
  epoch: string
  /** Its entry; absent where nobody stands behind it any more. */
  number?: number
}

/** What an event began. */
interface Consumption {
  records: ExecutionRecord[]
  /** The entry is not to be confirmed: the execution ends it. */
  isTakenOver: boolean
  /** Neither is this one: something of it is not to begin yet, and the inbox is to bring the event again. */
  isHeld: boolean
}

/** What an inbox has to give, by the messages that told of it. */
interface Told {
  inbox: InboxRefs
  messages: readonly Message<TriggerMessage>[]
}

/** Characters of events that are in memory at a time, of all inboxes together. */
const mostAtOnce = 16_000_000

/** Consumes a batch. A message whose inbox, objects or records could not be reached is tried again by the queue. */
export async function consumeTriggers(batch: MessageBatch<TriggerMessage>, env: Env): Promise<void> {
  const groups = Map.groupBy(batch.messages, ({ body }) => `${body.organizationId}:${body.shard}`)
  let told: Told[] = [...groups.values()].map((messages) => {
    const { organizationId, shard } = messages[0]!.body
    return { inbox: { organizationId, shard, refs: messages.flatMap(({ body }) => body.refs) }, messages }
  })
  // Once, but where the events are more than memory should hold.
  while (told.length > 0) told = await consumeSome(env, told)
}

/** Consumes what each inbox gives at a time; gives those that have more. */
async function consumeSome(env: Env, told: readonly Told[]): Promise<Told[]> {
  const most = Math.min(mostTaken, Math.ceil(mostAtOnce / told.length))
  const taken = await Promise.all(
    told.map(async ({ inbox, messages }) => {
      try {
        return { inbox, messages, ...(await takeEvents(env, inbox, most)) }
      } catch (error) {
        const { organizationId, shard } = inbox
        console.error({ message: 'inbox not reached', organizationId, shard, error: String(error) })
        return { inbox, messages, works: [unreached], left: [] }
      }
    }),
  )
  const begun = await beginInTurns(taken)
  const consumed = taken.map((each, index) => {
    const events = begun[index]!
    return { ...each, events: toConfirm(events), isWhole: !events.includes(undefined) }
  })
  const isWritten = await writeInBulk(
    env,
    consumed.flatMap(({ events }) => events.flatMap(({ records }) => records)),
  )
  const more: Told[] = []
  const done = await Promise.all(
    consumed.map(async ({ inbox, messages, events, isWhole, left }) => {
      const sent = isWritten ? { refs: numbersOf(events), isWhole: true } : await sendRecords(env, inbox, events)
      const isDone = isWhole && sent.isWhole
      if (isDone && left.length > 0) more.push({ inbox: { ...inbox, refs: left }, messages })
      else {
        // What is done is confirmed below, so that trying again finds only what is not.
        for (const message of messages)
          if (isDone) message.ack()
          else message.retry()
      }
      return { ...inbox, refs: sent.refs }
    }),
  )
  await confirmAll(
    env,
    done.filter(({ refs }) => refs.length > 0),
  )
  return more
}

/** What came of an event: undefined where it could not be begun; one that is held lies in its inbox. */
type Event = (Consumed & { isTakenOver: boolean }) | 'held' | undefined

const unreached = () => Promise.resolve(undefined)

/** Those that were begun and are to be confirmed. */
function toConfirm(events: readonly Event[]): Consumed[] {
  const begun = events.filter((event) => event !== undefined && event !== 'held')
  return begun.filter(({ isTakenOver }) => !isTakenOver)
}

/** Begins what inboxes gave, by organizations in turns: a flood of one does not stand before the few of another. */
async function beginInTurns(
  taken: readonly { inbox: InboxRefs; works: (() => Promise<Event>)[] }[],
): Promise<Event[][]> {
  const organizations = [...Map.groupBy(taken.keys(), (index) => taken[index]!.inbox.organizationId).values()]
  const begun = await inTurns(organizations.map((inboxes) => inboxes.flatMap((index) => taken[index]!.works)))
  const events: Event[][] = taken.map(() => [])
  for (const [party, inboxes] of organizations.entries()) {
    let from = 0
    for (const index of inboxes) {
      const { length } = taken[index]!.works
      events[index] = begun[party]!.slice(from, from + length)
      from += length
    }
  }
  return events
}

/** The events that an inbox still has, each as what begins it; and the numbers of those that are to be asked for then. */
async function takeEvents(
  env: Env,
  { organizationId, shard, refs }: InboxRefs,
  most: number,
): Promise<{ works: (() => Promise<Event>)[]; left: number[] }> {
  const { epoch, rows, left } = await inboxOf(env, organizationId, shard).take(organizationId, refs, most)
  // An event whose record waits for D1 was consumed where it arrived.
  const triggers = rows.filter(({ kind }) => kind === 'trigger')
  const works = triggers.map(({ number, text }) => async () => {
    try {
      const trigger = JSON.parse(text) as AcceptedTrigger
      const { records, isTakenOver, isHeld } = await consumeTrigger(env, trigger, { shard, epoch, number })
      const texts = records.map(rowText)
      if (!isHeld) return { number, records: texts, isTakenOver }
      await writeAtOnce(env, texts)
      return 'held'
    } catch (error) {
      // One that can not be begun must not hold up the others.
      console.error({ message: 'trigger not consumed', organizationId, shard, number, error: String(error) })
      return undefined
    }
  })
  return { works, left }
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
    const parcels = recorded.map(({ number, records }) => ({ number, text: joinRows(records) }))
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
const isSmall = ({ records }: Consumed) => isCarried(joinRows(records))

/** Begins all that an event starts; gives the records that D1 needs before the event may be forgotten. */
export async function consumeTrigger(env: Env, trigger: AcceptedTrigger, place: EventPlace): Promise<Consumption> {
  const { plans } = isolateOf(env)
  const records: ExecutionRecord[] = []
  let isTakenOver = false
  let isHeld = false
  await wakeWaiters(env, trigger, place)
  const starts = await startsOf(env, trigger, place)
  for (const start of starts) {
    const version = await plans.find(trigger.organizationId, start.versionId)
    if (version === undefined) continue
    if (mayLoop(version, trigger)) {
      const judgement = await judgeStart(env, version, trigger, start)
      if (judgement.kind === 'held') isHeld = true
      if (judgement.kind === 'refused') records.push(await refuseStart(env, version, trigger, start, judgement.loop))
      if (judgement.kind !== 'begin') continue
    }
    const enrolment = trigger.contactId === undefined ? undefined : await enrolmentOf(env, version, trigger)
    if (enrolment !== undefined && !(await mayEnter(env, version, trigger, start, enrolment))) continue
    const begun = await beginInTurn(env, version, trigger, start)
    if (begun.kind === 'finished') {
      if (enrolment !== undefined) await hasLeft(env, begun.init.header, trigger.at)
      records.push(begun.record)
    } else if (!(await isLongOver(env, begun.init.header))) {
      const inbox =
        starts.length > 1 || place.number === undefined ? undefined : { shard: place.shard, ends: place.number }
      const header = inbox === undefined ? begun.init.header : { ...begun.init.header, inbox }
      const { organizationId, executionId } = header
      const init = JSON.stringify({ ...begun.init, header })
      const { isNew } = await executionOf(env, organizationId, executionId).start(organizationId, init)
      // One that was there may have been begun together with others, and would not end the event.
      if (isNew && inbox !== undefined) isTakenOver = true
      else records.push(toRecord(header, begun.init.entries, begun.state, begun.outstanding))
    }
  }
  return { records, isTakenOver, isHeld }
}

/** Whether it ended so long ago that its object may be gone, and would begin it anew. */
async function isLongOver(
  env: Env,
  { organizationId, executionId, acceptedAt }: Pick<ExecutionHeader, 'organizationId' | 'executionId' | 'acceptedAt'>,
): Promise<boolean> {
  if (Date.now() < acceptedAt + holdMs) return false
  return (await listEnded(openDatabase(env.LOGS), organizationId, [executionId])).length > 0
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
