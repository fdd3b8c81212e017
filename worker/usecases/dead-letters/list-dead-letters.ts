import type { DeadLetterListQuery, DeadLetterSummary } from '../../contract/dead-letter.ts'
import type { Page } from '../../contract/error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { shownLetter } from './shown-letter.ts'

/** What was given up of the workflows that the caller sees; what was given up last comes first. */
export async function listDeadLetters(
  { scope, deadLetters }: Pick<Context, 'scope' | 'deadLetters'>,
  query: DeadLetterListQuery,
): Promise<Page<DeadLetterSummary>> {
  requireCapability(scope, 'execution.read')
  const page = await (await deadLetters()).list(query)
  return { ...page, items: page.items.map((letter) => shownLetter(scope, letter)) }
}
