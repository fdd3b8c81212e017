import type { DeadLetterId, DeadLetterSummary } from '../../contract/dead-letter.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireDeadLetter } from './require-dead-letter.ts'
import { shownLetter } from './shown-letter.ts'

/** Takes a letter off the list for good. An execution is still found among the executions; an event is gone. */
export async function discardDeadLetter(
  context: Pick<Context, 'scope' | 'deadLetters' | 'recordDeed'>,
  id: DeadLetterId,
): Promise<DeadLetterSummary> {
  requireCapability(context.scope, 'dead_letter.discard')
  const letter = await requireDeadLetter(context, id)
  if (!(await (await context.deadLetters()).remove(letter))) throw appError('dead_letter.not_found')
  const { kind, reason } = letter.summary
  await context.recordDeed({ action: 'dead_letter.discarded', targetId: id, details: { kind, code: reason.code } })
  return shownLetter(context.scope, letter.summary)
}
