import type { SetVariableRequest, Variable, VariableName } from '../../contract/variable.ts'
import { variableLimits } from '../../contract/facts/variable.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Adds a variable, or changes the one that was edited from `revision`. Executions that begin from now on read it so.
 *
 * Throws `request.precondition_required` for one that is there when no revision is given, `variable.not_found` for one
 * that is not when there is, `variable.conflict` with the present revision, and `variable.too_many`.
 */
export async function setVariable(
  { scope, variables, now }: Pick<Context, 'scope' | 'variables' | 'now'>,
  name: VariableName,
  revision: number | undefined,
  request: SetVariableRequest,
): Promise<{ variable: Variable; created: boolean }> {
  requireCapability(scope, 'variable.manage')
  const variable =
    revision === undefined
      ? await variables.create(name, request, now())
      : await variables.update(name, revision, request, now())
  if (variable !== undefined) return { variable, created: revision === undefined }
  const present = await variables.find(name)
  if (revision !== undefined) {
    if (present === undefined) throw appError('variable.not_found')
    throw appError('variable.conflict', { details: { revision: present.revision } })
  }
  if (present !== undefined) throw appError('request.precondition_required')
  throw appError('variable.too_many', { details: { most: variableLimits.variables } })
}
