import { effectiveRetry, pauseBefore } from '../../contract/effective-retry.ts'
import type { Problem } from '../../contract/problem.ts'
import type { GraphIndex, IndexedNode } from './graph-index.ts'
import { inSettings } from './problem-at.ts'

/** A warning where a step's own time is over before it would be tried again. */
export function checkRetry(index: GraphIndex, indexed: IndexedNode): Problem[] {
  const { retry, stepTimeoutMs } = indexed.node.settings ?? {}
  if (indexed.definition?.kind !== 'effect' || stepTimeoutMs === undefined) return []
  const policy = effectiveRetry(index.graph.settings?.retry, retry)
  if (policy.maxRetries === 0 || pauseBefore(1, policy) < stepTimeoutMs) return []
  const message = 'Its time with all attempts is over before the first pause is, so it is never tried again.'
  return [inSettings(indexed, ['stepTimeoutMs'], { severity: 'warning', code: 'settings.retry_too_late', message })]
}
