import type { BulkExecutionsRequest, BulkExecutionsResult } from '#contract/control.ts'
import type { EffectLedger } from '#contract/effect.ts'
import type { Page } from '#contract/error.ts'
import type { ExecutionEdits, ForkedExecution, ForkRequest, ForkTree } from '#contract/fork.ts'
import type { Execution, ExecutionStatus, ExecutionSummary, TriggerKind } from '#contract/execution.ts'
import type { ExecutionProgress } from '#contract/progress.ts'
import { client } from './client.ts'

export interface ExecutionFilter {
  workflowId?: string | undefined
  status?: readonly ExecutionStatus[] | undefined
  trigger?: TriggerKind | undefined
  contactId?: string | undefined
  /** ISO 8601; accepted at or after. */
  after?: string | undefined
  before?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

export function listExecutions(filter: ExecutionFilter = {}, signal?: AbortSignal): Promise<Page<ExecutionSummary>> {
  return client.request('/executions', { query: { ...filter }, signal })
}

export function getExecution(id: string, signal?: AbortSignal): Promise<Execution> {
  return client.request(at(id), { signal })
}

/** What it sent outside, under which key, and what came back. */
export function listEffects(id: string, signal?: AbortSignal): Promise<EffectLedger> {
  return client.request(`${at(id)}/effects`, { signal })
}

/** How far it has come, and how long it is likely to go on. */
export function getProgress(id: string): Promise<ExecutionProgress> {
  return client.request(`${at(id)}/progress`)
}

/** Asks for the end. It has been recorded when this resolves; the execution ends a moment later. */
export function cancelExecution(id: string): Promise<unknown> {
  return client.request(`${at(id)}/cancel`, { method: 'POST', body: {} })
}

/** Goes on from the failed steps; those that succeeded are not repeated. What is edited is what they read. */
export function redriveExecution(id: string, edits?: ExecutionEdits): Promise<unknown> {
  return client.request(`${at(id)}/retry`, { method: 'POST', body: edits === undefined ? {} : { edits } })
}

/** Executes it again from a step, as an execution of its own. Asked again under the same key it is the same fork. */
export function forkExecution(id: string, body: ForkRequest, idempotencyKey: string): Promise<ForkedExecution> {
  return client.request(`${at(id)}/fork`, { method: 'POST', body, idempotencyKey })
}

/** The executions that were made from one another, oldest first. */
export function getForkTree(id: string): Promise<ForkTree> {
  return client.request(`${at(id)}/tree`)
}

/** Nothing new begins from here on; calls in flight end. */
export function pauseExecution(id: string): Promise<unknown> {
  return client.request(`${at(id)}/pause`, { method: 'POST' })
}

export function resumeExecution(id: string): Promise<unknown> {
  return client.request(`${at(id)}/resume`, { method: 'POST' })
}

/** Passes through a step that has not ended. */
export function skipStep(id: string, path: string): Promise<unknown> {
  return client.request(`${at(id)}/skip-step`, { method: 'POST', body: { path } })
}

/** Makes its call now, under the same key. */
export function retryStep(id: string, path: string): Promise<unknown> {
  return client.request(`${at(id)}/retry-step`, { method: 'POST', body: { path } })
}

/** Leaves a step and goes on at the node `to`. */
export function jump(id: string, path: string, to: string): Promise<unknown> {
  return client.request(`${at(id)}/jump`, { method: 'POST', body: { path, to } })
}

/** Does one thing to many: those of the filter, newest first, at most a hundred. */
export function bulkExecutions(body: BulkExecutionsRequest): Promise<BulkExecutionsResult> {
  return client.request('/executions/bulk', { method: 'POST', body })
}

function at(id: string): string {
  return `/executions/${encodeURIComponent(id)}`
}
