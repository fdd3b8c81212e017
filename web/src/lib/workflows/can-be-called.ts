import type { WorkflowSummary } from '#contract/workflow.ts'

/** Whether a step of another workflow can call it now: it is live, and has a manual trigger to start at. */
export function canBeCalled({ status, triggerTypes }: Pick<WorkflowSummary, 'status' | 'triggerTypes'>): boolean {
  return status === 'active' && triggerTypes.includes('trigger.manual')
}

/** Why a step cannot call it, and what to do about it; undefined when it can. */
export function whyNotCalled({
  status,
  triggerTypes,
}: Pick<WorkflowSummary, 'status' | 'triggerTypes'>): string | undefined {
  if (status === 'draft') return 'It was never published. Until it is, this step fails.'
  if (status === 'paused') return 'It is paused. Until it is live again, this step fails.'
  if (status === 'archived') return 'It is in the archive. Restore it, or choose another.'
  return triggerTypes.includes('trigger.manual') ? undefined : 'It has no manual trigger to start at. Add one to it.'
}
