import type { Graph } from '../../contract/graph.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { Validation } from '../../contract/workflow.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { findMissingCalendars } from '../calendars/find-missing-calendars.ts'
import type { Context } from '../context.ts'
import { findProblems, hasErrors } from './find-problems.ts'
import { findUnfitSecrets } from './find-unfit-secrets.ts'
import { requireWorkflow } from './require-workflow.ts'

/** What is wrong with the draft, or with `graph` as if it were the draft. Changes nothing. */
export async function validateWorkflow(
  {
    scope,
    workflows,
    hooks,
    calendars,
    variables,
    nodes,
    vault,
  }: Pick<Context, 'scope' | 'workflows' | 'hooks' | 'calendars' | 'variables' | 'nodes' | 'vault'>,
  id: WorkflowId,
  graph?: Graph,
): Promise<Validation> {
  requireCapability(scope, 'workflow.read')
  const [stored, addresses] = await Promise.all([requireWorkflow(workflows, id), hooks.list(id)])
  const draft = graph ?? stored.graph
  const problems = [
    ...(await findProblems({ nodes, variables }, draft, addresses)),
    ...(await findMissingCalendars({ calendars }, draft)),
    ...(await findUnfitSecrets({ scope, hooks, vault }, id, draft)),
  ]
  return { valid: !hasErrors(problems), problems }
}
