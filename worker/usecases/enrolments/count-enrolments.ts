import type { EnrolmentStats } from '../../contract/enrolment.ts'
import type { WorkflowId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'

/** How many entered a workflow, were not let in, and reached its goals. Throws `workflow.not_found`. */
export async function countEnrolments(
  { scope, workflows, enrolments }: Pick<Context, 'scope' | 'workflows' | 'enrolments'>,
  workflowId: WorkflowId,
): Promise<EnrolmentStats> {
  requireCapability(scope, 'execution.read')
  await requireWorkflow(workflows, workflowId)
  return (await enrolments()).count(workflowId)
}
