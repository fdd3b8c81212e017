// judge-contacts: what is wrong with a run about contacts
//
//   I1   an event that was acknowledged is asked about once per workflow that listens, and begins what it is let into.
//   I8, I9, I11, I16 and I4 hold for every execution, as everywhere.
//   C1   a revision of a contact emits the events that say what it changed, each once, with its cause; others there are none.
//   C2   what was asked for under one key is done once, and what was acknowledged is done.
//   C3   lists, tags and addresses are what the last revision says; nothing is left to be told.
//   N1   who is let in, and what becomes of it, is what the reference says: also that never two are in where one may be.
//   N2   every event that names a contact is looked at, for goals and for reasons to leave; D1 counts what was reached.
//   N3   what an execution is to be told reaches it, and sends it somewhere once.
//   N4   who is kept out, and a goal that is reached, are told once to those who listen, with reason and cause.

import { nextChain } from '../../../worker/causality/next-chain.ts'
import type { Cause } from '../../../worker/contract/cause.ts'
import type { ContactId, ExecutionId } from '../../../worker/contract/id.ts'
import type { JournalEntry } from '../../../worker/engine/event.ts'
import { executionIdFor } from '../../../worker/lib/id.ts'
import type { AcceptedTrigger } from '../../../worker/runtime/inbox/accepted-trigger.ts'
import { judgeJournal, type Say, type Violation } from '../judge.ts'
import { isGivenUp } from '../platform/faults.ts'
import { organizationId, workflowIdOf } from '../world.ts'
import type { ContactScenario } from './contact-scenario.ts'
import { nodeOf } from './contact-world.ts'
import { judgeChanges } from './judge-changes.ts'
import { tellDifference } from './tell-difference.ts'
import { expectedOf, type Expected, type Stay } from './reference.ts'
import type { ContactEvidence } from './run-contacts.ts'

/** All that is wrong. */
export function judgeContacts(evidence: ContactEvidence): Violation[] {
  const violations: Violation[] = []
  const say: Say = (oracle, what) => void violations.push({ oracle, what })
  if (evidence.stuck !== null) say('I8', evidence.stuck)
  for (const what of evidence.untold) say('C3', `is still to be told: ${what}`)
  const expected = expectedOf(evidence.scenario, evidence.log.told, deletedIn(evidence))
  for (const what of expected.wrong) say('N1', what)
  judgeChanges(evidence, say)
  judgeEvents(evidence, say)
  judgeStays(evidence, expected, say)
  judgeOneAtATime(evidence, expected, say)
  judgeOrders(evidence, expected, say)
  judgeAnnouncements(evidence, expected, say)
  for (const stored of evidence.stored) {
    const about: Say = (oracle, what) => say(oracle, `${stored.id}: ${what}`)
    try {
      judgeJournal(evidence, stored, about)
      judgeSteps(evidence.scenario, stored, about)
    } catch (error) {
      say('I9', `${stored.id}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return violations
}

/** Who has something to be told tells it again within 5 minutes, and an alarm may be late. In ms. */
const patienceMs = 480_000

const typeOf = ({ source }: AcceptedTrigger) => (source.kind === 'event' ? source.eventType : '')
const matches = (pattern: string, type: string) =>
  pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern

/** The execution that an event would begin in a workflow. */
function executionFor(workflow: number, { eventId }: AcceptedTrigger): ExecutionId {
  return executionIdFor({ organizationId, workflowId: workflowIdOf(workflow), nodeId: 'n0', eventId })
}

/** Whether what somebody says is looked for by anybody. */
function isWatched({ workflows }: ContactScenario): boolean {
  return workflows.some(({ rules }) => rules !== null && (rules.exit !== null || rules.goals.length > 0))
}

function judgeEvents({ scenario, log, answered, stored }: ContactEvidence, say: Say): void {
  for (const { deed, answer } of answered) {
    if (deed.what !== 'event') continue
    const kept = log.accepted.filter(({ data }) => (data as { id?: string }).id === `event-${deed.number}`)
    if (kept.length !== 1 || kept[0]?.eventId !== answer)
      say('I1', `event ${deed.number} was taken ${kept.length} times`)
  }
  const ids = log.accepted.map(({ eventId }) => eventId)
  if (new Set(ids).size !== ids.length) say('C1', 'an event was taken for new twice')
  const known = new Map(stored.map((each) => [each.id, each]))
  const allowed = new Set<string>()
  for (const trigger of log.accepted) {
    const { contactId, eventId } = trigger
    const isWitnessed = log.told.some((told) => told.kind === 'witness' && told.event.id === eventId)
    if (contactId !== undefined && isWatched(scenario) && !isWitnessed) say('N2', `${eventId} was never looked at`)
    for (const [index, { listensTo, rules, isBeyondLimits }] of scenario.workflows.entries()) {
      if (!matches(listensTo, typeOf(trigger))) continue
      const id = executionFor(index, trigger)
      allowed.add(id)
      const execution = known.get(id)
      if (execution?.row['status'] === 'skipped') continue
      const isAsked = contactId !== undefined && (rules !== null || (scenario.limit !== null && !isBeyondLimits))
      const asked = log.told.find((told) => told.kind === 'enrol' && told.ask.id === id)
      if (isAsked && asked === undefined) say('I1', `nobody was asked whether ${id} may begin`)
      const mayBegin = asked?.kind === 'enrol' ? asked.answer.kind === 'enrolled' : !isAsked
      if (mayBegin && execution === undefined) say('I1', `${id} may begin, and never did`)
      if (!mayBegin && execution !== undefined) say('N1', `${id} began, and was not let in`)
    }
  }
  for (const { id } of stored) if (!allowed.has(id)) say('I2', `${id} was begun by nothing`)
  for (const told of log.told) {
    if (told.kind !== 'left') continue
    const finished = known.get(told.executionId)?.row['finished_at']
    if (finished !== told.at)
      say('N1', `${told.executionId} was said to be over at ${told.at}, and was at ${String(finished)}`)
  }
}

/** D1 has what the reference has. */
function judgeStays({ shown, log }: ContactEvidence, { stays }: Expected, say: Say): void {
  const rows = stays.map(({ id, workflow, contactId, eventId, at, blocked, ended }) => {
    const deletedAt = [...(log.letters.get(contactId)?.values() ?? [])].find(isDeletion)?.at
    const row = {
      id,
      workflow_id: workflowIdOf(workflow),
      contact_id: contactId,
      event_id: eventId,
      at,
      ended_at: ended === null ? null : (ended.at ?? deletedAt),
      ended_by: ended?.by ?? null,
      reason: blocked?.reason ?? null,
      retry_at: blocked?.retryAt ?? null,
    }
    return JSON.stringify(row)
  })
  const told = shown.enrolments.map(({ organization_id: _, revision: __, ...row }) => {
    const { id, workflow_id, contact_id, event_id, at, ended_at, ended_by, reason, retry_at } = row
    return JSON.stringify({ id, workflow_id, contact_id, event_id, at, ended_at, ended_by, reason, retry_at })
  })
  tellDifference(told, rows, (what) => say('N1', `D1 ${what}`))
  const reached = stays.flatMap(({ id, goals }) => goals.map((goal) => `${id} reached ${goal.id} at ${goal.at}`))
  const counted = shown.achievements.map(
    (row) => `${String(row['enrolment_id'])} reached ${String(row['goal_id'])} at ${String(row['at'])}`,
  )
  tellDifference(counted, reached, (what) => say('N2', `D1 ${what}`))
}

/** N1, by the journals: where one may be in, nobody is let in before the one before is over, or was told to end. */
function judgeOneAtATime({ scenario, stored }: ContactEvidence, { stays }: Expected, say: Say): void {
  const parties = Map.groupBy(
    stays.filter(
      ({ workflow, blocked }) => blocked === null && scenario.workflows[workflow]?.rules?.allowMultiple === false,
    ),
    ({ workflow, contactId }) => `${workflow} ${contactId}`,
  )
  for (const party of parties.values()) {
    for (const [index, later] of party.entries()) {
      for (const earlier of party.slice(0, index)) {
        const finishedAt = Number(stored.find(({ id }) => id === earlier.id)?.row['finished_at'] ?? Infinity)
        const isTold = earlier.orders.some(({ kind, since }) => kind === 'leave' && since <= later.decidedAt)
        if (finishedAt > later.decidedAt && !isTold) say('N1', `${later.id} was let in beside ${earlier.id}`)
      }
    }
  }
}

/** Contacts that are no more, in the end. */
function deletedIn({ log }: ContactEvidence): ContactId[] {
  return [...log.letters].flatMap(([id, letters]) => ([...letters.values()].some(isDeletion) ? [id] : []))
}

const isDeletion = ({ events }: { events: readonly { type: string }[] }) =>
  events.some(({ type }) => type === 'contact.deleted')

/** N3: the last order counts; an earlier one may have been overtaken by it. */
function judgeOrders({ log, stored, fired }: ContactEvidence, { stays }: Expected, say: Say): void {
  const journals = new Map(stored.map(({ id, entries }) => [id, eventsIn(entries)]))
  for (const stay of stays) {
    const events = journals.get(stay.id) ?? []
    const heard = log.ordered.filter(({ executionId, by }) => executionId === stay.id && by === stay.contactId)
    for (const { reason, times } of redirects(events)) {
      const isOrdered = stay.orders.some((order) => order.kind === 'goTo' && reason.includes(`Goal ${order.goal}`))
      if (!isOrdered || times > 1) say('N3', `${stay.id} was sent away ${times} times: ${reason}`)
    }
    const isCancelled = events.some((event) => event.type === 'cancelRequested')
    if (isCancelled && !stay.orders.some(({ kind }) => kind === 'leave')) say('N3', `${stay.id} was ended by nobody`)
    const isOver = events.some(({ type }) => type === 'finished')
    if (stay.blocked === null && isOver && !stay.hasLeft) say('N1', `nobody told the contact that ${stay.id} is over`)
    const last = stay.orders.at(-1)
    if (last === undefined) continue
    const wanted = last.kind === 'leave' ? 'cancel' : 'redirect'
    const answers = heard.filter(({ kind }) => kind === wanted).map(({ answer }) => answer)
    if (answers.includes('finished')) continue
    if (answers.includes('accepted')) continue
    // One that ends by itself needs not be told any more; but as long as it goes on somebody tells it again.
    const endedAt = events.findLast(({ type }) => type === 'finished')?.at ?? Infinity
    const isToldAgain = !fired.some(isGivenUp)
    if (!stay.hasLeft || (isToldAgain && endedAt > last.since + patienceMs))
      say('N3', `${stay.id} was never told to ${wanted}`)
  }
  for (const stay of stays) {
    const events = journals.get(stay.id) ?? []
    const answers = log.ordered.filter(({ executionId, answer }) => executionId === stay.id && answer === 'accepted')
    if (answers.some(({ kind }) => kind === 'cancel') && !events.some(({ type }) => type === 'cancelRequested')) {
      say('N3', `${stay.id} took it that it is to end, and did not`)
    }
    if (!answers.some(({ kind }) => kind === 'redirect')) continue
    const isEnding = events.some(({ type }) => type === 'cancelRequested' || type === 'finished')
    if (redirects(events).length === 0 && !(isEnding && stay.orders.some(({ kind }) => kind === 'leave'))) {
      say('N3', `${stay.id} took it that it is to go elsewhere, and did not`)
    }
  }
}

const eventsIn = (entries: readonly JournalEntry[]) => entries.flatMap(({ events }) => events)

function redirects(events: ReturnType<typeof eventsIn>): { reason: string; times: number }[] {
  const reasons = events.flatMap((event) => (event.type === 'redirected' ? [event.reason] : []))
  return [...new Set(reasons)].map((reason) => ({ reason, times: reasons.filter((each) => each === reason).length }))
}

/** N4. */
function judgeAnnouncements({ scenario, log }: ContactEvidence, { stays }: Expected, say: Say): void {
  const isListenedTo = (type: string) => scenario.workflows.some(({ listensTo }) => matches(listensTo, type))
  const triggers = new Map(log.accepted.map((trigger) => [trigger.eventId, trigger]))
  const causeOf = (stay: Stay, eventId: Stay['eventId'], step: string): Cause => ({
    ...chainAfter(triggers.get(eventId)!, stay.workflow),
    by: { kind: 'execution', executionId: stay.id, workflowId: workflowIdOf(stay.workflow), step },
  })
  const should: string[] = []
  for (const stay of stays) {
    const { blocked, eventId, workflow, id } = stay
    if (blocked !== null && isListenedTo('enrollment:blocked')) {
      const about = { id: workflowIdOf(workflow), name: `Workflow ${workflow}` }
      const { reason, retryAt } = blocked
      const data = {
        workflow: about,
        eventId,
        reason,
        ...(retryAt !== null && { retryAt: new Date(retryAt).toISOString() }),
      }
      should.push(JSON.stringify(['enrollment:blocked', data, causeOf(stay, eventId, 'n0')]))
    }
    if (!isListenedTo('goal:achieved')) continue
    for (const goal of stay.goals) {
      const data = {
        workflow: { id: workflowIdOf(workflow) },
        executionId: id,
        goal: { id: goal.id, name: `Goal ${goal.id}` },
        eventId: goal.eventId,
      }
      should.push(JSON.stringify(['goal:achieved', data, causeOf(stay, goal.eventId, goal.id)]))
    }
  }
  const is = log.accepted
    .filter((trigger) => ['enrollment:blocked', 'goal:achieved'].includes(typeOf(trigger)))
    .map((trigger) => JSON.stringify([typeOf(trigger), (trigger.data as { data: unknown }).data, trigger.cause]))
  tellDifference(is, should, (what) => say('N4', `what was told ${what}`))
}

/** The chain that goes on from an event through a workflow. */
function chainAfter({ cause, eventId }: AcceptedTrigger, workflow: number) {
  const began = cause === undefined ? undefined : { root: cause.root, depth: cause.depth, path: cause.path }
  return nextChain(began, { workflowId: workflowIdOf(workflow), eventId })
}

/** What it did, one after the other, from where it was sent last. */
function judgeSteps(
  { workflows }: ContactScenario,
  { row, entries }: ContactEvidence['stored'][number],
  say: Say,
): void {
  if (row['status'] !== 'completed' && row['status'] !== 'completed_with_errors') return
  const index = workflows.findIndex((_, each) => workflowIdOf(each) === row['workflow_id'])
  const events = eventsIn(entries)
  const sent = events.findLastIndex(({ type }) => type === 'redirected')
  const from = events[sent]
  const first = from?.type === 'redirected' ? Number(/\d+/.exec(from.next)![0]) : 0
  const should = [...(first === 0 ? ['n0'] : []), ...workflows[index]!.steps.map((_, at) => nodeOf(at))]
  const wanted = first === 0 ? should : should.slice(first - 1)
  const done = events
    .slice(sent + 1)
    .flatMap((event) => (event.type === 'stepCompleted' || event.type === 'stepFailed' ? [event.node] : []))
  if (done.join() !== wanted.join()) say('model', `did ${done.join()}, and should have done ${wanted.join()}`)
}
