import type { Problem } from '../../contract/problem.ts'
import { nearestName } from '../../expressions/index.ts'
import { nodeDefinitions } from '../registry.ts'
import { checkCache } from './check-cache.ts'
import { checkExpressions } from './check-expressions.ts'
import { checkGuard } from './check-guard.ts'
import { checkParams } from './check-params.ts'
import { checkRetry } from './check-retry.ts'
import { expressionUses } from './expression-uses.ts'
import type { GraphIndex } from './graph-index.ts'
import { paramsSchema } from './params-schema.ts'

/** The type that a misspelt one was probably meant to be, as a question. */
function meant(type: string): string {
  const nearest = nearestName(
    type,
    nodeDefinitions.map((definition) => definition.type),
  )
  return nearest === undefined ? '' : ` Did you mean “${nearest}”?`
}

/** What is wrong with the nodes, each by itself: id, type, params, expressions, conditions. */
export function checkNodes(index: GraphIndex): Problem[] {
  const duplicates = index.graph.nodes.flatMap((node, at): Problem[] =>
    index.nodes.get(node.id)?.node === node
      ? []
      : [
          {
            severity: 'error',
            code: 'node.duplicate_id',
            message: `Two nodes have the key “${node.id}”. Expressions could not tell them apart.`,
            path: `nodes.${at}.id`,
            nodeId: node.id,
          },
        ],
  )
  const perNode = [...index.nodes.values()].flatMap((indexed): Problem[] => {
    const { node, index: at, definition } = indexed
    if (definition === undefined) {
      return [
        {
          severity: 'error',
          code: 'node.unknown_type',
          message: `There is no node type “${node.type}”.${meant(node.type)}`,
          path: `nodes.${at}.type`,
          nodeId: node.id,
        },
      ]
    }
    const schema = paramsSchema(definition)
    const uses = expressionUses(schema, node.params)
    return [
      ...checkParams(indexed, schema, uses),
      ...checkExpressions(index, indexed, uses),
      ...checkGuard(index, indexed),
      ...checkCache(index, indexed),
      ...checkRetry(index, indexed),
    ]
  })
  return [...duplicates, ...perNode]
}
