// witness
//
// What events make of the enrolments of a contact that go on: goals that are achieved, and reasons to leave.

import type { Chain } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { EventId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import { decideEvent, type Consequence } from '../../enrolment/decide-event.ts'
import type { EnrolmentRules } from '../../enrolment/rules.ts'
import { toJson } from '../../lib/to-json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { achievedEvent } from './enrolment-events.ts'
import type { EnrolmentRow, EnrolmentTable, Order } from './enrolment-table.ts'

/** Any event that names the contact. */
export interface WitnessedEvent {
  id: EventId
  at: number
  event: Json
  /** Somebody listens to goals that are achieved. */
  announced?: boolean
  cause?: Chain
}

/** Applies an event to all enrolments that go on. True when it changed any. To be called in a transaction. */
export function witness(table: EnrolmentTable, given: WitnessedEvent, contact: Contact | null): boolean {
  let changed = false
  for (const row of table.listOpen()) changed = witnessAt(table, row, given, contact) || changed
  return changed
}

/** Applies an event to one enrolment that goes on. True when it changed. To be called in a transaction. */
export function witnessAt(
  table: EnrolmentTable,
  row: EnrolmentRow,
  given: WitnessedEvent,
  contact: Contact | null,
): boolean {
  const { id, at, event } = given
  // An event counts neither for the enrolment that it began, nor for later ones.
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
