import type { NodeType } from '../../contract/node-type.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** Everything that can be placed in a workflow. */
export function listNodeTypes({ scope, nodes }: Pick<Context, 'scope' | 'nodes'>): NodeType[] {
  requireCapability(scope, 'workflow.read')
  return nodes.describe()
}
