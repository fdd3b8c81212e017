import type { ExecutionEdits } from '../../contract/fork.ts'
import type { ExecutionId } from '../../contract/id.ts'
import { editedNames } from '../../engine/fork/edits.ts'
import { appError } from '../../lib/app-error.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { invalidEdits, readEdits } from '../forks/read-edits.ts'
import { refuseLoops } from './refuse-loops.ts'
import { requireJournal } from './require-journal.ts'
import { requireExecution } from './require-execution.ts'

/**
 * Redrives a failed execution: its failed steps begin again in a new generation, what is finished is kept. With edits,
 * those steps and all after them read what was edited. Throws `execution.not_found`, `execution.not_finished`, `execution.pretended`,
 * `execution.loop_detected` for a step that goes round in a circle,
 * `request.invalid` for edits nobody would read, and `execution.finished` when nothing in it failed, or when it was undone.
 */
export async function redriveExecution(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'recordDeed' | 'cause'>,
  id: ExecutionId,
  wanted?: ExecutionEdits,
): Promise<void> {
  const { scope, runtime, recordDeed } = context
  requireCapability(scope, 'execution.retry')
  if (wanted !== undefined) {
    requireCapability(scope, 'execution.fork')
    requireCapability(scope, 'execution.read_payload')
  }
  const edits = wanted === undefined ? undefined : readEdits(wanted, (await requireJournal(context, id)).entries)
  const found = await requireExecution(context, id)
  await refuseLoops(context, {
    executionId: id,
    workflowId: 'live' in found ? found.live.workflowId : found.stored.summary.workflowId,
  })
  const result = await runtime.redrive(scope.organizationId, id, scope.userId, edits, context.cause)
  if (typeof result === 'object') throw invalidEdits(result.problems)
  switch (result) {
    case 'accepted':
      return recordDeed({
        action: 'execution.retried',
        targetId: id,
        ...(edits !== undefined && { details: { edited: editedNames(edits) } }),
      })
    case 'not_finished':
      throw appError('execution.not_finished')
    case 'nothing_failed':
      throw appError('execution.finished', {
        message: 'There is nothing to go on from: nothing failed, or what it did was undone. Start it anew.',
      })
    case 'pretended':
      throw appError('execution.pretended')
    case 'not_found':
      throw appError('execution.not_found')
    default:
      return unreachable(result)
  }
}
