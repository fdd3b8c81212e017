import type { DeadLetterSummary } from '../../contract/dead-letter.ts'
import type { Scope } from '../../tenancy/scope.ts'
import { withoutData } from '../executions/without-data.ts'

/** A letter as the caller may see it: the reason holds data only for whoever may read data. */
export function shownLetter(
  { capabilities }: Pick<Scope, 'capabilities'>,
  letter: DeadLetterSummary,
): DeadLetterSummary {
  return capabilities.has('execution.read_payload') ? letter : { ...letter, reason: withoutData(letter.reason) }
}
