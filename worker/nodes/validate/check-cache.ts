import type { Problem } from '../../contract/problem.ts'
import { checkExpressions } from './check-expressions.ts'
import type { GraphIndex, IndexedNode } from './graph-index.ts'
import { inSettings } from './problem-at.ts'

/** What is wrong with the key under which a step's result is kept. */
export function checkCache(index: GraphIndex, indexed: IndexedNode): Problem[] {
  const { node, definition } = indexed
  const { cache } = node.settings ?? {}
  if (cache === undefined) return []
  if (definition?.kind !== 'effect') {
    const message = 'Only what acts on the world has a result that is worth keeping. This step is always executed.'
    return [inSettings(indexed, ['cache'], { severity: 'warning', code: 'settings.cache_unused', message })]
  }
  if (cache.key === undefined) return []
  return checkExpressions(index, indexed, [{ kind: 'template', at: ['cache', 'key'], value: cache.key }], inSettings)
}
