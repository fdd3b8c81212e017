import type { DeadLetterId } from '../../contract/dead-letter.ts'
import { appError } from '../../lib/app-error.ts'
import type { StoredDeadLetter } from '../../store/dead-letters.ts'
import type { Context } from '../context.ts'

/** A dead letter that the caller may see, or `dead_letter.not_found`. */
export async function requireDeadLetter(
  { deadLetters }: Pick<Context, 'deadLetters'>,
  id: DeadLetterId,
): Promise<StoredDeadLetter> {
  const letter = await (await deadLetters()).find(id)
  if (letter === undefined) throw appError('dead_letter.not_found')
  return letter
}
