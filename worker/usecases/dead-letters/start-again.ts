import { ownChain, takenOver } from '../../causality/next-chain.ts'
import type { RetryDeadLetterRequest } from '../../contract/dead-letter.ts'
import type { ExecutionId } from '../../contract/id.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { fold } from '../../engine/fold.ts'
import { appError } from '../../lib/app-error.ts'
import type { StoredDeadLetter } from '../../store/dead-letters.ts'
import type { StoredExecution } from '../../store/executions.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { authorOf } from '../contacts/author-of.ts'
import type { Context } from '../context.ts'

/**
 * Starts an execution in the place of one that failed, from its trigger, with the same data or with what it was edited
 * to. The start is named by the letter: asking twice starts one, and asking with other data throws `hook.conflict`.
 */
export async function startAgain(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'cause'>,
  letter: StoredDeadLetter & { from: 'execution' },
  { data, version }: RetryDeadLetterRequest,
): Promise<ExecutionId> {
  const { scope, executions, runtime } = context
  requireCapability(scope, 'workflow.execute')
  const stored = await (await executions()).find(letter.executionId)
  if (stored === undefined) throw appError('dead_letter.not_found')
  const { trigger, ...began } = fold(JSON.parse(stored.journal) as JournalEntry[])
  if (trigger === null) throw appError('dead_letter.not_found')
  const { workflowId, eventId } = stored.summary
  const own = ownChain(began.cause, { eventId, sender: began.sender })
  const chain = context.cause === undefined ? own : takenOver(own, context.cause)
  const started = await runtime.start({
    organizationId: scope.organizationId,
    workflowId,
    versionId: await versionFor(context, stored, version),
    trigger: { nodeId: trigger.nodeId, kind: kindOf(trigger.kind), data: data ?? trigger.data },
    cause: { ...chain, by: context.cause?.by ?? authorOf(context).by },
    idempotencyKey: `dead-letter:${letter.executionId}:${letter.generation}`,
  })
  return started.executionId
}

async function versionFor(
  { workflows }: Pick<Context, 'workflows'>,
  { summary }: StoredExecution,
  wanted: RetryDeadLetterRequest['version'],
) {
  const workflow = await workflows.find(summary.workflowId)
  if (workflow === undefined) throw appError('dead_letter.not_found')
  if (workflow.summary.status === 'archived') throw appError('workflow.archived')
  if (wanted === 'same') return summary.versionId
  if (workflow.publishedVersionId === undefined) throw appError('workflow.not_published')
  return workflow.publishedVersionId
}

/** A person starts it now, unless its trigger gives data of a shape of its own. */
function kindOf(kind: string): 'manual' | 'webhook' | 'event' {
  return kind === 'webhook' || kind === 'event' ? kind : 'manual'
}
