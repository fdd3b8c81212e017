import type { Enrolment, EnrolmentListQuery } from '../../contract/enrolment.ts'
import type { Page } from '../../contract/error.ts'
import type { ContactId, WorkflowId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { requireContact } from '../contacts/require-contact.ts'
import type { Context } from '../context.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'

/** Who entered a workflow, and who was not let in and why, newest first. Throws `workflow.not_found`. */
export async function listEnrolmentsOfWorkflow(
  { scope, workflows, enrolments }: Pick<Context, 'scope' | 'workflows' | 'enrolments'>,
  workflowId: WorkflowId,
  query: EnrolmentListQuery,
): Promise<Page<Enrolment>> {
  requireCapability(scope, 'execution.read')
  await requireWorkflow(workflows, workflowId)
  return withNames(workflows, await (await enrolments()).list({ ...query, workflowId }))
}

/** The same of one contact, in the workflows that the caller sees. Throws `contact.not_found`. */
export async function listEnrolmentsOfContact(
  { scope, contacts, workflows, enrolments }: Pick<Context, 'scope' | 'contacts' | 'workflows' | 'enrolments'>,
  contactId: ContactId,
  query: Omit<EnrolmentListQuery, 'contactId'>,
): Promise<Page<Enrolment>> {
  requireCapability(scope, 'contact.read')
  await requireContact({ contacts }, contactId)
  return withNames(workflows, await (await enrolments()).list({ ...query, contactId }))
}

/** Decisions keep ids only, because names change. */
async function withNames(
  workflows: Pick<Context['workflows'], 'names'>,
  page: Page<Enrolment>,
): Promise<Page<Enrolment>> {
  const names = await workflows.names([...new Set(page.items.map(({ workflowId }) => workflowId))])
  const items = page.items.map((enrolment): Enrolment => {
    const known = names.get(enrolment.workflowId)
    if (known === undefined) return enrolment
    const goals = enrolment.goals.map((goal) => {
      const name = known.goals.get(goal.id)
      return name === undefined ? goal : { ...goal, name }
    })
    return { ...enrolment, workflowName: known.name, goals }
  })
  return { ...page, items }
}
