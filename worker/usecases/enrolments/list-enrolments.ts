import type { Enrolment, EnrolmentListQuery } from '../../contract/enrolment.ts'
import type { Page } from '../../contract/error.ts'
import type { ContactId, WorkflowId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { requireContact } from '../contacts/require-contact.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from '../require-workflow.ts'

/** Who entered a workflow, and who was not let in and why, newest first. Throws `workflow.not_found`. */
export async function listEnrolmentsOfWorkflow(
  { scope, workflows, enrolments }: Pick<Context, 'scope' | 'workflows' | 'enrolments'>,
  workflowId: WorkflowId,
  query: EnrolmentListQuery,
): Promise<Page<Enrolment>> {
  requireCapability(scope, 'execution.read')
  await requireWorkflow(workflows, workflowId)
  return (await enrolments()).list({ ...query, workflowId })
}

/** The same of one contact, in the workflows that the caller sees. Throws `contact.not_found`. */
export async function listEnrolmentsOfContact(
  { scope, contacts, enrolments }: Pick<Context, 'scope' | 'contacts' | 'enrolments'>,
  contactId: ContactId,
  query: Omit<EnrolmentListQuery, 'contactId'>,
): Promise<Page<Enrolment>> {
  requireCapability(scope, 'contact.read')
  await requireContact({ contacts }, contactId)
  return (await enrolments()).list({ ...query, contactId })
}
