import type { BulkExecutionsRequest, BulkExecutionsResult } from '#contract/control.ts'

export interface BulkOutcome extends Pick<BulkExecutionsResult, 'done' | 'refused' | 'elsewhere'> {
  /** Somebody stopped it before the filter had met all. */
  stopped: boolean
}

/**
 * Asks until the filter meets no more, and gives what came of all. `onpart` hears how many are done so far; what it hears
 * of is done. When `stop` is aborted, the request under way ends and no other is made. Rejects with what a request rejects
 * with; what was done before stays done.
 */
export async function controlAll(
  body: BulkExecutionsRequest,
  ask: (body: BulkExecutionsRequest) => Promise<BulkExecutionsResult>,
  onpart: (done: number) => void,
  stop: AbortSignal,
): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { done: [], refused: [], elsewhere: 0, stopped: false }
  for (let cursor: BulkExecutionsResult['nextCursor'], isLast = false; !isLast;) {
    const part = await ask({ ...body, ...(cursor !== undefined && { cursor }) })
    outcome.done.push(...part.done)
    outcome.refused.push(...part.refused)
    outcome.elsewhere += part.elsewhere
    onpart(outcome.done.length)
    cursor = part.nextCursor
    isLast = cursor === undefined
    if (!isLast && stop.aborted) return { ...outcome, stopped: true }
  }
  return outcome
}

/** Why the others were not touched, in a sentence or two; empty when all were. */
export function bulkRest({ refused, elsewhere }: Pick<BulkOutcome, 'refused' | 'elsewhere'>): string {
  const [first] = refused
  const parts: string[] = []
  if (first !== undefined) parts.push(`${refused.length} refused: ${first.message}`)
  if (elsewhere > 0)
    parts.push(
      `${elsewhere} ${elsewhere === 1 ? 'stands' : 'stand'} elsewhere and ${elsewhere === 1 ? 'was' : 'were'} left alone.`,
    )
  return parts.join(' ')
}
