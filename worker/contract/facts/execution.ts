import type { ExecutionStatus } from '../execution.ts'

/** Every status of an execution. */
export const executionStatuses = [
  'queued',
  'running',
  'waiting',
  'paused',
  'completed',
  'completed_with_errors',
  'failed',
  'cancelled',
  'timed_out',
  'skipped',
] as const

/** Every status of a step. */
export const stepStatuses = ['running', 'waiting', 'retrying', 'completed', 'failed', 'cancelled', 'skipped'] as const

/** True when an execution of this status has ended and will not go on by itself. */
export function isTerminal(status: ExecutionStatus): boolean {
  return status !== 'queued' && status !== 'running' && status !== 'waiting' && status !== 'paused'
}

/** The longest that a webhook's sender, or whoever executes a workflow, waits for what it answers, in ms. */
export const longestAnswerMs = 25_000
