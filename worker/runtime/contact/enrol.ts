// enrol
//
// Decides whether an event lets its contact into a workflow, and writes the decision down.
//
//   N1. A decision is one transaction, made from this contact's rows alone: a hundred events at once are decided one
//       after the other, and the same event asked about again gets the answer it got.

import type { Contact } from '../../contract/contact.ts'
import type { ContactLimits } from '../../contract/contact-limits.ts'
import type { BlockedReason } from '../../contract/enrolment.ts'
import type { EventId, ExecutionId, VersionId, WorkflowId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import { decideEnrolment, type EnrolmentDecision } from '../../enrolment/decide-enrolment.ts'
import { decideLimit } from '../../enrolment/decide-limit.ts'
import { watchesEvents, type EnrolmentRules } from '../../enrolment/rules.ts'
import { toJson } from '../../lib/to-json.ts'
import { blockedEvent, type Announced } from './enrolment-events.ts'
import type { EnrolmentTable } from './enrolment-table.ts'
import { orderForMs } from './tell-of-enrolments.ts'
import { witnessAt, type WitnessedEvent } from './witness.ts'

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

export type EnrolmentAnswer = { kind: 'enrolled' } | { kind: 'blocked'; reason: BlockedReason }

/**
 * Decides, unless this event was decided before. `recent` are events that the contact was told lately: those that were
 * accepted later than this one overtook it, and count for the enrolment that it begins. To be called in a transaction.
 */
export function enrol(
  table: EnrolmentTable,
  ask: EnrolmentAsk,
  contact: Contact | null,
  recent: () => readonly WitnessedEvent[] = () => [],
): EnrolmentAnswer {
  const known = table.find(ask.id)
  if (known !== undefined) return answerOf(known.reason)
  // Where only the organization has limits, a start is remembered as a start, and a contact that does not exist is let in.
  if (ask.rules === undefined && (contact === null || table.hasBegun(ask.id))) return answerOf(null)
  const decision = decide(table, ask, contact)
  if (decision.kind === 'blocked') {
    keepBlocked(table, ask, contact, decision)
    return answerOf(decision.reason)
  }
  if (ask.limits !== undefined) table.noteStart(ask.id, ask.at)
  if (ask.rules !== undefined) keepEntered(table, ask, ask.rules, contact, recent)
  return answerOf(null)
}

/** The version's rules come before the organization's limits: what they keep out does not count as a start. */
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

/** Of a contact that does not exist nothing is kept. */
function keepBlocked(
  table: EnrolmentTable,
  ask: EnrolmentAsk,
  contact: Contact | null,
  { reason, retryAt }: Extract<EnrolmentDecision, { kind: 'blocked' }>,
): void {
  if (reason === 'contact_missing') return
  if (reason === 'already_enrolled') askAfterOld(table, ask.workflowId, ask.at)
  table.add({ ...freshRow(ask), reason, retryAt: retryAt ?? null }, ask.rules ?? { goals: [] })
  const { announced } = ask
  if (announced !== undefined) table.addEvent(blockedEvent({ ...ask, announced }, { reason, retryAt }, contact))
}

function keepEntered(
  table: EnrolmentTable,
  ask: EnrolmentAsk,
  rules: EnrolmentRules,
  contact: Contact | null,
  recent: () => readonly WitnessedEvent[],
): void {
  table.add({ ...freshRow(ask), reason: null, retryAt: null }, rules)
  if (!watchesEvents(rules)) return
  for (const event of recent()) {
    const entered = table.find(ask.id)
    if (entered?.endedAt === null) witnessAt(table, entered, event, contact)
  }
}

function freshRow({ id, workflowId, versionId, eventId, at }: EnrolmentAsk) {
  const open = { endedAt: null, endedBy: null, goals: [], order: null }
  return { id, workflowId, versionId, eventId, at, revision: 1, told: 0, ...open }
}

/**
 * An enrolment this old may have no execution: its workflow was paused before the event could be delivered again. One
 * that keeps the contact out is looked into.
 */
function askAfterOld(table: EnrolmentTable, workflowId: WorkflowId, now: number): void {
  for (const row of table.listHistory(workflowId)) {
    const isOld = row.endedAt === null && row.at < now - orderForMs
    if (isOld && row.order === null) table.change({ ...row, order: { kind: 'ask' } })
  }
}

function answerOf(reason: BlockedReason | null): EnrolmentAnswer {
  return reason === null ? { kind: 'enrolled' } : { kind: 'blocked', reason }
}
