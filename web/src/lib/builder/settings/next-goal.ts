import type { ConditionGroup } from '#contract/condition.ts'
import type { Goal } from '#contract/enrolment.ts'

/**
 * A new goal. Its id is that of no goal there is, and of none that anybody ever reached (`reached`): what is counted for a
 * goal that was removed is not to be counted for this one.
 */
export function nextGoal(goals: readonly Pick<Goal, 'id' | 'name'>[], reached: readonly Pick<Goal, 'id'>[]): Goal {
  const taken = new Set([...goals, ...reached].map(({ id }) => id))
  let number = goals.length + 1
  while (taken.has(`goal${number}`)) number += 1
  const conditions: ConditionGroup = { operator: 'AND', conditions: [{ field: '', operator: 'equals', value: '' }] }
  return { id: `goal${number}`, name: `Goal ${goals.length + 1}`, conditions, onAchievement: 'exit' }
}
