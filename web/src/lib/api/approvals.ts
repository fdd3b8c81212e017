import type { Approval, DecideApprovalRequest } from '#contract/approval.ts'
import type { Page } from '#contract/error.ts'
import { client } from './client.ts'

export interface ApprovalFilter {
  status?: 'open' | 'closed' | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** What the caller is asked, newest first. */
export function listApprovals(filter: ApprovalFilter = {}, signal?: AbortSignal): Promise<Page<Approval>> {
  return client.request('/approvals', { query: { ...filter }, signal })
}

/** A person decides once: fails with `approval.decided` for the second time. */
export function decideApproval(id: string, body: DecideApprovalRequest) {
  return client.request<Approval>(`/approvals/${encodeURIComponent(id)}/decision`, { method: 'POST', body })
}
