import type { BulkAction, BulkExecutionsRequest, BulkExecutionsResult } from '../../contract/control.ts'
import {
  bulkAppliesTo,
  isStepAction,
  maxBulkExecutions,
  type StepAction,
  type WholeAction,
} from '../../contract/facts/control.ts'
import type { Execution, StepStatus } from '../../contract/execution.ts'
import type { ExecutionId } from '../../contract/id.ts'
import type { Capability } from '../../contract/member.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { cancelExecution } from './cancel-execution.ts'
import type { Context } from '../context.ts'
import { controlExecution, type Wish } from './control-execution.ts'
import { listExecutions } from './list-executions.ts'
import { requireExecution } from './require-execution.ts'
import { redriveExecution } from './redrive-execution.ts'

type BulkContext = Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'recordDeed'>

/** What is done to each. */
type Deed = { action: WholeAction; reason: string } | { action: StepAction; node: string; to: string }

/** So many at a time: each is a few requests to others. */
const atOnce = 5

/**
 * Does one thing to many executions, each by itself: what is refused says why and holds nothing else up. At most
 * `maxBulkExecutions` are looked at; asked again with the cursor, a filter finds those that are left.
 */
export async function bulkExecutions(
  context: BulkContext,
  { action, ids, filter = {}, cursor, reason = '', node = '', to = '' }: BulkExecutionsRequest,
): Promise<BulkExecutionsResult> {
  requireCapability(context.scope, needs[action])
  const { status = bulkAppliesTo[action], ...rest } = filter
  const query = { ...rest, status, limit: maxBulkExecutions, ...(cursor !== undefined && { cursor }) }
  const found = ids === undefined ? await listExecutions(context, query) : undefined
  const wanted = ids ?? found?.items.map(({ id }) => id) ?? []
  const next = found?.nextCursor as ExecutionId | undefined
  const result: BulkExecutionsResult = {
    done: [],
    refused: [],
    elsewhere: 0,
    more: next !== undefined,
    ...(next !== undefined && { nextCursor: next }),
  }
  const deed: Deed = isStepAction(action) ? { action, node, to } : { action, reason }
  await context.recordDeed({ action: 'execution.bulk', details: { ...deed, count: wanted.length } })
  const left = [...new Set(wanted)]
  while (left.length > 0) {
    await Promise.all(
      left.splice(0, atOnce).map(async (id) => {
        const came = await doOne(context, id, deed)
        // What a filter finds may stand anywhere; what is named by its id should stand there.
        if (came === 'done') result.done.push(id)
        else if (came.code === 'execution.step_gone' && ids === undefined) result.elsewhere += 1
        else result.refused.push({ id, ...came })
      }),
    )
  }
  return result
}

async function doOne(
  context: BulkContext,
  id: ExecutionId,
  deed: Deed,
): Promise<'done' | { code: string; message: string }> {
  try {
    await act(context, id, deed)
    return 'done'
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { code: error.code, message: error.message }
  }
}

function act(context: BulkContext, id: ExecutionId, deed: Deed): Promise<void> {
  switch (deed.action) {
    case 'pause':
    case 'resume':
      return controlExecution(context, id, { type: deed.action })
    case 'cancel':
      return cancelExecution(context, id, deed.reason)
    case 'retry':
      return redriveExecution(context, id)
    case 'skipStep':
    case 'retryStep':
    case 'jump':
      return controlSteps(context, id, deed)
    default:
      return unreachable(deed)
  }
}

/** Every step of the node that is open or about to begin, in all branches and iterations. Throws why none of them was touched. */
async function controlSteps(
  context: BulkContext,
  id: ExecutionId,
  { action, node, to }: Extract<Deed, { action: StepAction }>,
): Promise<void> {
  const found = await requireExecution(context, id)
  const paths = 'live' in found ? openPaths(found.live, node) : []
  let refusal: unknown = appError('execution.step_gone')
  let touched = 0
  for (const path of paths) {
    const wish: Wish = action === 'jump' ? { type: action, path, to } : { type: action, path }
    try {
      await controlExecution(context, id, wish)
      touched += 1
    } catch (error) {
      // One that ended meanwhile does not matter where another is left.
      refusal = error
    }
  }
  if (touched === 0) throw refusal
}

const openStatuses: readonly StepStatus[] = ['running', 'waiting', 'retrying']

function openPaths({ steps, next = [] }: Execution, node: string): string[] {
  const open = steps.filter(({ status }) => openStatuses.includes(status))
  return [...open, ...next].filter(({ nodeId }) => nodeId === node).map(({ path }) => path)
}

const needs: Record<BulkAction, Capability> = {
  pause: 'execution.control',
  resume: 'execution.control',
  cancel: 'execution.cancel',
  retry: 'execution.retry',
  skipStep: 'execution.control',
  retryStep: 'execution.control',
  jump: 'execution.control',
}
