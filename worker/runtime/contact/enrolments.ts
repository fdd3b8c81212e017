// enrolments
//
// A contact's part in workflows: who is let in, what events make of those who are, and who has to hear of it.
//
//   N1. A decision is one transaction, made from this contact's rows alone: a hundred events at once are decided one
//       after the other, and the same event asked about again gets the answer it got.
//   N2. What follows from a decision stands in its row until it is done: orders to executions, notes to D1, events to an inbox. Doing it
//       twice does no harm. A process that dies leaves it to the alarm.
//   N3. An order can come before its execution has begun. It is given again until the execution knows, or is over.

import type { Chain } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { ContactLimits } from '../../contract/contact-limits.ts'
import type { BlockedReason } from '../../contract/enrolment.ts'
import type { ContactId, EventId, ExecutionId, OrganizationId, VersionId, WorkflowId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import { decideEnrolment, type EnrolmentDecision } from '../../enrolment/decide-enrolment.ts'
import { decideEvent, type Consequence } from '../../enrolment/decide-event.ts'
import { decideLimit } from '../../enrolment/decide-limit.ts'
import { watchesEvents, type EnrolmentRules } from '../../enrolment/rules.ts'
import type { Env } from '../../env.ts'
import { toJson } from '../../lib/to-json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { projectEnrolments } from '../../store/enrolment-projection.ts'
import { executionOf } from '../executions.ts'
import { achievedEvent, blockedEvent } from './enrolment-events.ts'
import type { EnrolmentRow, EnrolmentTable, Order } from './enrolment-table.ts'
import { offerEvents } from './tell-others.ts'

/** An event that would begin an execution for the contact. */
export interface EnrolmentAsk {
  /** The execution that it would begin. */
  id: ExecutionId
  workflowId: WorkflowId
  versionId: VersionId
  eventId: EventId
  /** Epoch ms: when the event was accepted. */
  at: number
  /** The event, as workflows read it. */
  event: Json
  /** What the version says; absent where that is nothing, and only the organization has limits. */
  rules?: EnrolmentRules
  limits?: ContactLimits
  /** Somebody listens to who is not let in: then this is what is said of it. */
  announced?: Announced
}

/** What events of a decision say of where it was made. */
export interface Announced {
  workflow: { id: WorkflowId; name: string }
  /** The trigger node. */
  nodeId: string
  /** The chain that the deciding event belongs to. */
  cause?: Chain
}

export type EnrolmentAnswer = { kind: 'enrolled' } | { kind: 'blocked'; reason: BlockedReason }

/** Any event that names the contact. */
export interface WitnessedEvent {
  id: EventId
  at: number
  event: Json
  /** Somebody listens to goals that are achieved. */
  announced?: boolean
  cause?: Chain
}

/** An execution that nobody began in this time will not begin any more, in ms. */
const orderForMs = 86_400_000

/**
 * Decides, and writes the decision down. `recent` are events that the contact was told before; those that were accepted
 * later than this one overtook it, and count for whom it lets in. To be called in a transaction.
 */
export function enrol(
  table: EnrolmentTable,
  ask: EnrolmentAsk,
  contact: Contact | null,
  recent: () => readonly WitnessedEvent[] = () => [],
): EnrolmentAnswer {
  const { id, workflowId, versionId, eventId, at, rules, limits } = ask
  const known = table.find(id)
  if (known !== undefined) return answerOf(known.reason)
  // Of a contact that never was, or is no more, nothing is kept; whoever says nothing of contacts takes any.
  if (rules === undefined && (contact === null || table.hasBegun(id))) return answerOf(null)
  const decision = decide(table, ask, contact)
  const [reason, retryAt] = decision.kind === 'enrolled' ? [null] : [decision.reason, decision.retryAt]
  if (reason === null && limits !== undefined) table.noteStart(id, at)
  if (reason === 'already_enrolled') askAfterOld(table, workflowId, at)
  if (reason !== 'contact_missing' && (rules !== undefined || reason !== null)) {
    const row = { id, workflowId, versionId, eventId, at, revision: 1, told: 0, endedAt: null, endedBy: null }
    table.add({ ...row, reason, retryAt: retryAt ?? null, goals: [], order: null }, rules ?? noRules)
    if (reason !== null && ask.announced !== undefined) {
      table.addEvent(blockedEvent({ ...ask, announced: ask.announced }, { reason, retryAt }, contact))
    }
    if (reason === null && rules !== undefined && watchesEvents(rules)) {
      for (const event of recent()) {
        const entered = table.find(id)
        if (entered?.endedAt === null) look(table, entered, event, contact)
      }
    }
  }
  return answerOf(reason)
}

/**
 * Who was let in so long ago may never have begun: the workflow was paused before the event could be delivered again. Whoever
 * stands in the way because of that is asked after.
 */
function askAfterOld(table: EnrolmentTable, workflowId: WorkflowId, now: number): void {
  for (const row of table.listHistory(workflowId)) {
    const isOld = row.endedAt === null && row.at < now - orderForMs
    if (isOld && row.order === null) table.change({ ...row, order: { kind: 'ask' } })
  }
}

const noRules: EnrolmentRules = { goals: [] }

/** The version's rules first, then the organization's limits: who would not be let in anyway does not count. */
function decide(
  table: EnrolmentTable,
  { workflowId, at, event, rules, limits }: EnrolmentAsk,
  contact: Contact | null,
): EnrolmentDecision {
  if (rules !== undefined) {
    const history = table
      .listHistory(workflowId)
      .map(({ goals, ...row }) => ({ at: row.at, endedAt: row.endedAt, achieved: goals.map((goal) => goal.id) }))
    const decision = decideEnrolment(rules, history, { event, contact: toJson(contact) }, at)
    if (decision.kind === 'blocked') return decision
  }
  const limit = limits === undefined ? undefined : decideLimit(limits, table.listStarts(), at)
  return limit?.kind === 'reached'
    ? { kind: 'blocked', reason: 'contact_limit', retryAt: limit.retryAt }
    : { kind: 'enrolled' }
}

/** What an event makes of all enrolments that go on; whether of any. To be called in a transaction. */
export function witness(table: EnrolmentTable, given: WitnessedEvent, contact: Contact | null): boolean {
  let changed = false
  for (const row of table.listOpen()) changed = look(table, row, given, contact) || changed
  return changed
}

/** What an event makes of one of them; whether anything. */
function look(table: EnrolmentTable, row: EnrolmentRow, given: WitnessedEvent, contact: Contact | null): boolean {
  const { id, at, event } = given
  // An event does not count for those it let in itself, nor for those who came after it.
  if (row.eventId === id || at < row.at) return false
  const rules = table.rulesOf(row.versionId)
  if (rules === undefined) return false
  const before = row.goals.map((goal) => goal.id)
  const { achieved, follows } = decideEvent(rules, before, { event, contact: toJson(contact) }, at)
  if (achieved.length === 0 && follows.kind === 'stay') return false
  const goals = [...row.goals, ...achieved.map((goal) => ({ id: goal, at }))]
  if (given.announced === true) {
    for (const goalId of achieved) table.addEvent(achievedEvent(row, given, goalOf(rules, goalId), contact))
  }
  table.change({
    ...row,
    goals,
    order: orderOf(follows, rules) ?? row.order,
    ...(follows.kind === 'leave' && { endedAt: at, endedBy: follows.by }),
  })
  return true
}

/** The execution of an enrolment is over; whether that was news. To be called in a transaction. */
export function leave(table: EnrolmentTable, id: ExecutionId, at: number): boolean {
  const row = table.find(id)
  if (row === undefined || (row.endedAt !== null && row.order === null)) return false
  table.change({ ...row, endedAt: row.endedAt ?? at, endedBy: row.endedBy ?? 'finished', order: null })
  return true
}

/** The contact is no more: whatever it is in ends, and so do the executions. To be called in a transaction. */
export function leaveAll(table: EnrolmentTable, at: number): void {
  const order = { kind: 'leave', reason: 'The contact was deleted.' } as const
  for (const row of table.listOpen()) table.change({ ...row, endedAt: at, endedBy: 'contact_deleted', order })
}

/** Tells executions and D1 what they do not know yet. Throws when somebody could not be told. */
export async function tellOfEnrolments(
  env: Env,
  table: EnrolmentTable,
  place: { organizationId: OrganizationId; contactId: ContactId },
): Promise<void> {
  const untold = table.listUntold()
  const events = table.listEvents()
  if (untold.length === 0 && events.length === 0) return
  const fresh = untold.filter(({ told, revision }) => told < revision)
  const results = await Promise.allSettled([
    projectEnrolments(env.LOGS, place, fresh).then(() => {
      for (const { id, revision } of fresh) table.markTold(id, revision)
    }),
    ...untold.map((row) => giveOrder(env, table, place, row)),
    offerEvents(env, place.organizationId, events).then(() => table.dropEvents(events.map(({ eventId }) => eventId))),
  ])
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function giveOrder(
  env: Env,
  table: EnrolmentTable,
  { organizationId, contactId }: { organizationId: OrganizationId; contactId: ContactId },
  { id, at, order }: EnrolmentRow,
): Promise<void> {
  if (order === null) return
  const execution = executionOf(env, organizationId, id)
  if (order.kind === 'ask') {
    // One that is over has said so before it was forgotten.
    if (await execution.isThere(organizationId)) table.dropOrder(id, order)
    else leave(table, id, at)
    return
  }
  const answer =
    order.kind === 'leave'
      ? await execution.cancel(organizationId, contactId, order.reason)
      : await execution.redirect(organizationId, contactId, order.nodeId, order.reason, order.goalId)
  if (answer !== 'not_found' || Date.now() > at + orderForMs) table.dropOrder(id, order)
}

function answerOf(reason: BlockedReason | null): EnrolmentAnswer {
  return reason === null ? { kind: 'enrolled' } : { kind: 'blocked', reason }
}

function goalOf({ goals }: EnrolmentRules, id: string): { id: string; name: string } {
  return { id, name: goals.find((goal) => goal.id === id)?.name ?? id }
}

function orderOf(follows: Consequence, rules: EnrolmentRules): Order | null {
  const achieved = (goalId: string) => `Goal “${goalOf(rules, goalId).name}” achieved.`
  switch (follows.kind) {
    case 'stay':
      return null
    case 'leave':
      return {
        kind: 'leave',
        reason: follows.by === 'goal_achieved' ? achieved(follows.goalId) : 'The contact met the conditions to leave.',
      }
    case 'goTo':
      return { kind: 'goTo', nodeId: follows.nodeId, reason: achieved(follows.goalId), goalId: follows.goalId }
    default:
      return unreachable(follows)
  }
}
