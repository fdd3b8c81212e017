import type { Variable } from '../../contract/variable.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The organization's variables, by name. Whoever may read workflows may read what they read. */
export async function listVariables({ scope, variables }: Pick<Context, 'scope' | 'variables'>): Promise<Variable[]> {
  requireCapability(scope, 'workflow.read')
  return variables.list()
}
