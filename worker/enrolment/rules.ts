import type { EnrolmentSettings, Goal } from '../contract/enrolment.ts'
import type { Graph } from '../contract/graph.ts'

/** What a version says about enrolment and goals. */
export interface EnrolmentRules {
  enrolment?: EnrolmentSettings
  goals: readonly Goal[]
}

/** Undefined for a version that says nothing: its executions begin without asking anybody. */
export function rulesOf({ settings }: Pick<Graph, 'settings'>): EnrolmentRules | undefined {
  const { enrolment, goals = [] } = settings ?? {}
  if (enrolment === undefined && goals.length === 0) return undefined
  return { ...(enrolment !== undefined && { enrolment }), goals }
}

/** Whether events that come later decide anything about those who are enrolled. */
export function watchesEvents({ enrolment, goals }: EnrolmentRules): boolean {
  return goals.length > 0 || enrolment?.exitConditions !== undefined
}
