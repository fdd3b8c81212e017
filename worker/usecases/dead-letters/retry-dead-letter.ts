import type { DeadLetterId, RetriedDeadLetter, RetryDeadLetterRequest } from '../../contract/dead-letter.ts'
import { AppError, appError } from '../../lib/app-error.ts'
import type { StoredDeadLetter } from '../../store/dead-letters.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { redriveExecution } from '../executions/redrive-execution.ts'
import { requireDeadLetter } from './require-dead-letter.ts'
import { startAgain } from './start-again.ts'

type Needs = Pick<
  Context,
  'scope' | 'workflows' | 'versions' | 'executions' | 'deadLetters' | 'runtime' | 'recordDeed' | 'cause'
>

/**
 * Tries again what was given up. A failed execution goes on from its failed steps; with other data or another version,
 * or where no step of it failed, one is started in its place. An event is accepted anew under its own id, so what it
 * began is not begun twice. The letter goes when what takes its place is durable, never before.
 */
export async function retryDeadLetter(
  context: Needs,
  id: DeadLetterId,
  request: RetryDeadLetterRequest,
): Promise<RetriedDeadLetter> {
  requireCapability(context.scope, 'execution.retry')
  const letter = await requireDeadLetter(context, id)
  if (letter.from === 'inbox') return redeliver(context, letter, request)
  const isAnew = letter.summary.kind === 'step' || request.data !== undefined || request.version === 'published'
  if (!isAnew && (await goesOn(context, letter))) return { id, executionId: letter.executionId }
  const executionId = await startAgain(context, letter, request)
  await (await context.deadLetters()).remove(letter)
  const details = { executionId, edited: request.data !== undefined }
  await context.recordDeed({ action: 'dead_letter.retried', targetId: id, details })
  return { id, executionId }
}

/** Whether it goes on from where it failed. One that ran out of time, or was ended as failed, has no step to go on from. */
async function goesOn(context: Needs, { executionId }: StoredDeadLetter & { from: 'execution' }): Promise<boolean> {
  try {
    await redriveExecution(context, executionId)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'execution.finished') return false
    throw error
  }
}

async function redeliver(
  { scope, deadLetters, runtime, recordDeed }: Needs,
  letter: StoredDeadLetter & { from: 'inbox' },
  { data }: RetryDeadLetterRequest,
): Promise<RetriedDeadLetter> {
  const { id, kind, lastAt } = letter.summary
  if (kind === 'record' && data !== undefined) throw appError('dead_letter.not_editable')
  if (data !== undefined) requireCapability(scope, 'workflow.execute')
  await runtime.redeliver(scope.organizationId, {
    kind: kind === 'record' ? 'record' : 'event',
    payload: letter.payload,
    givenUpAt: Date.parse(lastAt),
    ...(data === undefined ? {} : { data }),
  })
  await (await deadLetters()).remove(letter)
  await recordDeed({ action: 'dead_letter.retried', targetId: id, details: { edited: data !== undefined } })
  return { id }
}
