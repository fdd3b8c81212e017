import type { Enrolment, EnrolmentStats } from '#contract/enrolment.ts'
import type { Page } from '#contract/error.ts'
import { client } from './client.ts'

interface EnrolmentFilter {
  status?: Enrolment['status'] | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** A contact's way through the workflows that the member sees, the newest first. */
export function listContactEnrolments(
  contactId: string,
  filter: EnrolmentFilter = {},
  signal?: AbortSignal,
): Promise<Page<Enrolment>> {
  return client.request(`/contacts/${encodeURIComponent(contactId)}/enrolments`, { query: { ...filter }, signal })
}

/** How many entered, were not let in, and reached its goals. */
export function countEnrolments(workflowId: string, signal?: AbortSignal): Promise<EnrolmentStats> {
  return client.request(`/workflows/${encodeURIComponent(workflowId)}/enrolment-stats`, { signal })
}
