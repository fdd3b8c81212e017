import type { BulkDeadLettersRequest, BulkDeadLettersResult, DeadLetterId } from '../../contract/dead-letter.ts'
import { AppError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { discardDeadLetter } from './discard-dead-letter.ts'
import { retryDeadLetter } from './retry-dead-letter.ts'

/** Letters changed at a time: each retry is a call of an object of its own. */
const atOnce = 5

/** Retries or discards many, each by itself: one that is refused holds up none of the others. */
export async function changeDeadLetters(
  context: Parameters<typeof retryDeadLetter>[0],
  { action, ids }: BulkDeadLettersRequest,
): Promise<BulkDeadLettersResult> {
  requireCapability(context.scope, action === 'retry' ? 'execution.retry' : 'dead_letter.discard')
  const result: BulkDeadLettersResult = { done: [], refused: [] }

  async function change(id: DeadLetterId): Promise<void> {
    try {
      if (action === 'retry') await retryDeadLetter(context, id, { version: 'same' })
      else await discardDeadLetter(context, id)
      result.done.push(id)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      result.refused.push({ id, code: error.code, message: error.message })
    }
  }

  const wanted = [...new Set(ids)]
  for (let from = 0; from < wanted.length; from += atOnce)
    await Promise.all(wanted.slice(from, from + atOnce).map(change))
  return result
}
