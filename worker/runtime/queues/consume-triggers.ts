// consume-triggers
//
// Takes accepted events from their inboxes, begins the executions that they start, and confirms the events.
//
//   T1. An event is confirmed when D1 has a record of every execution that it began. Where it began only one, that execution
//       confirms the event itself, with its first record; otherwise the records are written here.
//   T2. To make events durable goes before beginning executions: a batch gives way to a rush of events in this isolate, and
//       stops for a moment between a few executions and the next. Only then are connections read and timers rung, for
//       which those who were accepted together with what it begins still wait.

import type { Env } from '../../env.ts'
import { inTurns } from '../../lib/in-turns.ts'
import { sleep } from '../../lib/sleep.ts'
import { joinRows, rowText } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { confirmAll } from './confirm-all.ts'
import { consumeTrigger } from './consume-trigger.ts'
import { giveWay } from './give-way.ts'
import { isCarried, packRecords } from './pack-messages.ts'
import { mostTaken } from '../inbox/inbox-table.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import { isolateOf } from '../isolate.ts'
import type { InboxRefs, TriggerMessage } from './messages.ts'
import { writeAtOnce, writeInBulk } from '../records/project-records.ts'
import { sendMessages } from './send-messages.ts'

/** What became of an event of a batch. */
type Outcome =
  /** To be confirmed when D1 has these records, each as text. */
  | { kind: 'begun'; number: number; records: string[] }
  /** Its execution confirms it, or its inbox sends it again. */
  | { kind: 'leftAlone' }
  /** It could not be begun. */
  | { kind: 'failed' }

type Begun = Extract<Outcome, { kind: 'begun' }>

/** The entries that messages of a batch name of one inbox. */
interface InboxEntries {
  inbox: InboxRefs
  messages: readonly Message<TriggerMessage>[]
}

/** Characters of events that are in memory at a time, of all inboxes together. */
const mostAtOnce = 16_000_000

/** The moment between a few executions and the next, in ms. */
const pauseMs = 5

/** Consumes a batch. A message whose inbox, objects or records could not be reached is tried again by the queue. */
export async function consumeTriggers(batch: MessageBatch<TriggerMessage>, env: Env): Promise<void> {
  const groups = Map.groupBy(batch.messages, ({ body }) => `${body.organizationId}:${body.shard}`)
  let remaining: InboxEntries[] = [...groups.values()].map((messages) => {
    const { organizationId, shard } = messages[0]!.body
    return { inbox: { organizationId, shard, refs: messages.flatMap(({ body }) => body.refs) }, messages }
  })
  // More than once only where the events are more than memory should hold.
  while (remaining.length > 0) remaining = await consumeSome(env, remaining)
}

/** Consumes what each inbox gives in one answer. Returns what is left of those that have more. */
async function consumeSome(env: Env, entries: readonly InboxEntries[]): Promise<InboxEntries[]> {
  const { waiting } = isolateOf(env).acceptor
  await giveWay(waiting)
  const most = Math.min(mostTaken, Math.ceil(mostAtOnce / entries.length))
  const taken = await Promise.all(
    entries.map(async ({ inbox, messages }) => {
      try {
        return { inbox, messages, ...(await takeEvents(env, inbox, most)) }
      } catch (error) {
        const { organizationId, shard } = inbox
        console.error({ message: 'inbox not reached', organizationId, shard, error: String(error) })
        return { inbox, messages, works: [unreached], left: [] }
      }
    }),
  )
  const begun = await beginInTurns(taken, async () => {
    await sleep(pauseMs)
    await giveWay(waiting)
  })
  const consumed = taken.map((each, index) => {
    const outcomes = begun[index]!
    return { ...each, events: outcomes.filter(isBegun), isWhole: !outcomes.some(({ kind }) => kind === 'failed') }
  })
  const isWritten = await writeInBulk(
    env,
    consumed.flatMap(({ events }) => events.flatMap(({ records }) => records)),
  )
  const more: InboxEntries[] = []
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

const unreached = (): Promise<Outcome> => Promise.resolve({ kind: 'failed' })
const isBegun = (outcome: Outcome): outcome is Begun => outcome.kind === 'begun'

/** Begins events by organizations in turns: the flood of one does not delay the few events of another. */
async function beginInTurns(
  taken: readonly { inbox: InboxRefs; works: (() => Promise<Outcome>)[] }[],
  pause: () => Promise<void>,
): Promise<Outcome[][]> {
  const organizations = [...Map.groupBy(taken.keys(), (index) => taken[index]!.inbox.organizationId).values()]
  const parties = organizations.map((inboxes) => inboxes.flatMap((index) => taken[index]!.works))
  const begun = await inTurns(parties, pause)
  const outcomes: Outcome[][] = taken.map(() => [])
  for (const [party, inboxes] of organizations.entries()) {
    let from = 0
    for (const index of inboxes) {
      const { length } = taken[index]!.works
      outcomes[index] = begun[party]!.slice(from, from + length)
      from += length
    }
  }
  return outcomes
}

/** Functions that begin the events an inbox gives now; `left` are the numbers of those to ask for afterwards. */
async function takeEvents(
  env: Env,
  { organizationId, shard, refs }: InboxRefs,
  most: number,
): Promise<{ works: (() => Promise<Outcome>)[]; left: number[] }> {
  const { epoch, rows, left } = await inboxOf(env, organizationId, shard).take(organizationId, refs, most)
  // An event whose record waits for D1 was consumed where it arrived.
  const triggers = rows.filter(({ kind }) => kind === 'trigger')
  const works = triggers.map(({ number, text }) => async (): Promise<Outcome> => {
    try {
      const trigger = JSON.parse(text) as AcceptedTrigger
      const { records, entry } = await consumeTrigger(env, trigger, { shard, epoch, number })
      const texts = records.map(rowText)
      if (entry === 'confirm') return { kind: 'begun', number, records: texts }
      await writeAtOnce(env, texts)
      return { kind: 'leftAlone' }
    } catch (error) {
      // One that cannot be begun must not hold up the others.
      console.error({ message: 'trigger not consumed', organizationId, shard, number, error: String(error) })
      return { kind: 'failed' }
    }
  })
  return { works, left }
}

/** Sends the records of events to the queue, whose consumer confirms them. `refs`: events to be confirmed here already. */
async function sendRecords(
  env: Env,
  inbox: InboxRefs,
  events: readonly Begun[],
): Promise<{ refs: number[]; isWhole: boolean }> {
  const [small, large] = [events.filter(isSmall), events.filter((event) => !isSmall(event))]
  const [recorded, bare] = [small.filter(hasRecords), small.filter((event) => !hasRecords(event))]
  try {
    const parcels = recorded.map(({ number, records }) => ({ number, text: joinRows(records) }))
    await sendMessages(env.RECORDS, packRecords(inbox, parcels))
    // A message for these could only name the entry, under which the inbox has the event and not the record.
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

const numbersOf = (events: readonly Begun[]) => events.map(({ number }) => number)
const hasRecords = ({ records }: Begun) => records.length > 0
const isSmall = ({ records }: Begun) => isCarried(joinRows(records))
