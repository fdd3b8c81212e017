// decide-event
//
// What an event that names a contact makes of one of its enrolments, while the execution does whatever it does.
//
//   G1. Pure. A goal is achieved once per enrolment: those achieved before are not looked at again.
//   G2. Every goal that the event achieves is achieved, whatever follows from the others.
//   G3. One thing follows at most: leaving by exit conditions, else leaving by a goal, else going to the step of the
//       first goal that says so, in the order in which goals are written.

import type { EnrolmentScope } from './decide-enrolment.ts'
import { meets } from './meets.ts'
import type { EnrolmentRules } from './rules.ts'

export type Consequence =
  | { kind: 'stay' }
  | { kind: 'leave'; by: 'exit_conditions' }
  | { kind: 'leave'; by: 'goal_achieved'; goalId: string }
  | { kind: 'goTo'; nodeId: string; goalId: string }

export interface EventDecision {
  /** Ids of the goals that it achieved, in their order. */
  achieved: string[]
  follows: Consequence
}

/** `achieved` are the goals that this enrolment has reached already; `now` is epoch ms. */
export function decideEvent(
  { enrolment, goals }: EnrolmentRules,
  achieved: readonly string[],
  { event, contact }: EnrolmentScope,
  now: number,
): EventDecision {
  const scope = { event, contact, now }
  const reached = goals.filter(({ id, conditions }) => !achieved.includes(id) && meets(conditions, scope))
  const isOut = enrolment?.exitConditions !== undefined && meets(enrolment.exitConditions, scope)
  return {
    achieved: reached.map(({ id }) => id),
    follows: isOut ? outByExit : follow(reached, enrolment?.removeOnGoal),
  }
}

const outByExit: Consequence = { kind: 'leave', by: 'exit_conditions' }

function follow(reached: EnrolmentRules['goals'], removeOnGoal = false): Consequence {
  const last = reached.find(({ onAchievement }) => removeOnGoal || onAchievement === 'exit')
  if (last !== undefined) return { kind: 'leave', by: 'goal_achieved', goalId: last.id }
  for (const { id, onAchievement, goTo } of reached) {
    if (onAchievement === 'goto' && goTo !== undefined) return { kind: 'goTo', nodeId: goTo, goalId: id }
  }
  return { kind: 'stay' }
}
