import type { Variable, VariableName } from '../../contract/variable.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Removes a variable; executions under way keep what they were given of it. With a revision only as long as it has that
 * one. Throws `variable.not_found`, and `variable.conflict` with the present revision.
 */
export async function deleteVariable(
  { scope, variables }: Pick<Context, 'scope' | 'variables'>,
  name: VariableName,
  revision: number | undefined,
): Promise<Variable> {
  requireCapability(scope, 'variable.manage')
  const present = await variables.find(name)
  if (present === undefined) throw appError('variable.not_found')
  if (await variables.remove(name, revision)) return present
  const left = await variables.find(name)
  if (left === undefined) throw appError('variable.not_found')
  throw appError('variable.conflict', { details: { revision: left.revision } })
}
