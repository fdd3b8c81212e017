import {
  maxBulkExecutions,
  type BulkAction,
  type BulkExecutionsRequest,
  type BulkExecutionsResult,
} from '../contract/control.ts'
import type { ExecutionStatus } from '../contract/execution.ts'
import type { ExecutionId } from '../contract/id.ts'
import type { Capability } from '../contract/member.ts'
import { AppError } from '../lib/app-error.ts'
import { unreachable } from '../lib/unreachable.ts'
import { requireCapability } from '../tenancy/scope.ts'
import { cancelExecution } from './cancel-execution.ts'
import type { Context } from './context.ts'
import { controlExecution } from './control-execution.ts'
import { listExecutions } from './list-executions.ts'
import { retryExecution } from './retry-execution.ts'

type BulkContext = Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'recordDeed'>

/** So many at a time: each is a few requests to others. */
const atOnce = 5

/**
 * Does one thing to many executions, each by itself: what is refused says why and holds nothing else up. At most
 * `maxBulkExecutions`; asked again, a filter finds those that are left.
 */
export async function bulkExecutions(
  context: BulkContext,
  { action, ids, filter = {}, reason = '' }: BulkExecutionsRequest,
): Promise<BulkExecutionsResult> {
  requireCapability(context.scope, needs[action])
  const { status = appliesTo[action], ...rest } = filter
  const found =
    ids === undefined ? await listExecutions(context, { ...rest, status, limit: maxBulkExecutions }) : undefined
  const wanted = ids ?? found?.items.map(({ id }) => id) ?? []
  const result: BulkExecutionsResult = { done: [], refused: [], more: found?.nextCursor !== undefined }
  await context.recordDeed({
    action: 'execution.bulk',
    details: { action, count: wanted.length, reason },
  })
  const left = [...new Set(wanted)]
  while (left.length > 0) {
    await Promise.all(left.splice(0, atOnce).map((id) => doOne(context, { action, id, reason }, result)))
  }
  return result
}

async function doOne(
  context: BulkContext,
  { action, id, reason }: { action: BulkAction; id: ExecutionId; reason: string },
  { done, refused }: BulkExecutionsResult,
): Promise<void> {
  try {
    await act(context, action, id, reason)
    done.push(id)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    refused.push({ id, code: error.code, message: error.message })
  }
}

function act(context: BulkContext, action: BulkAction, id: ExecutionId, reason: string): Promise<void> {
  switch (action) {
    case 'pause':
    case 'resume':
      return controlExecution(context, id, { type: action })
    case 'cancel':
      return cancelExecution(context, id, reason)
    case 'retry':
      return retryExecution(context, id)
    default:
      return unreachable(action)
  }
}

const needs: Record<BulkAction, Capability> = {
  pause: 'execution.control',
  resume: 'execution.control',
  cancel: 'execution.cancel',
  retry: 'execution.retry',
}

const appliesTo: Record<BulkAction, ExecutionStatus[]> = {
  pause: ['running', 'waiting'],
  resume: ['paused'],
  cancel: ['queued', 'running', 'waiting', 'paused'],
  retry: ['failed', 'timed_out'],
}
