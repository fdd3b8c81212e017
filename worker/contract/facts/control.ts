import type { BulkAction } from '../control.ts'
import type { ExecutionStatus } from '../execution.ts'

/** So many executions at a time. */
export const maxBulkExecutions = 100

/** What is done to executions as a whole, and to the steps of one node that are open in them. */
export const wholeActions = ['pause', 'resume', 'cancel', 'retry'] as const
export type WholeAction = (typeof wholeActions)[number]

/** What is done to the steps of one node that are open in executions. */
export const stepActions = ['skipStep', 'retryStep', 'jump'] as const
export type StepAction = (typeof stepActions)[number]

/** Everything that can be done to many executions at once. */
export const bulkActions = [...wholeActions, ...stepActions] as const

/** True for actions that need the node at which the executions stand. */
export function isStepAction(action: BulkAction): action is StepAction {
  return stepActions.some((one) => one === action)
}

/** The executions to which an action can apply: those it is meant for where a filter names no status. */
export const bulkAppliesTo: Readonly<Record<BulkAction, ExecutionStatus[]>> = {
  pause: ['running', 'waiting'],
  resume: ['paused'],
  cancel: ['queued', 'running', 'waiting', 'paused'],
  retry: ['failed', 'timed_out'],
  skipStep: ['running', 'waiting', 'paused'],
  retryStep: ['running', 'waiting', 'paused'],
  jump: ['running', 'waiting', 'paused'],
}
