import type { Problem } from '../../contract/problem.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { checkExpressions } from './check-expressions.ts'
import type { GraphIndex, IndexedNode } from './graph-index.ts'
import { inSettings } from './problem-at.ts'

/** What is wrong with the conditions under which a node is executed at all. */
export function checkGuard(index: GraphIndex, indexed: IndexedNode): Problem[] {
  const { node, definition } = indexed
  const conditions = node.settings?.executeIf
  if (conditions === undefined) return []
  const path = ['executeIf']
  if (definition?.kind === 'trigger') {
    const message = 'What starts a workflow is always executed. Put these conditions in a filter after it.'
    return [inSettings(indexed, path, { severity: 'warning', code: 'settings.execute_if_trigger', message })]
  }
  return [
    ...emptyConditions(conditions, path).map(({ path, ...said }) => inSettings(indexed, path, said)),
    ...checkExpressions(index, indexed, [{ kind: 'conditions', at: path, value: conditions }], inSettings),
  ]
}
