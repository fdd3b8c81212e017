import type { Role } from '#contract/member.ts'

/** What a role is called, and what it comes to, in a few words. */
export const roleWords: Record<Role, { label: string; meaning: string }> = {
  owner: { label: 'Owner', meaning: 'may do everything, and decides about the organization' },
  admin: { label: 'Administrator', meaning: 'may do everything but decide about the organization' },
  editor: { label: 'Editor', meaning: 'draws, publishes and runs workflows' },
  operator: { label: 'Operator', meaning: 'runs workflows, cancels and retries' },
  viewer: { label: 'Viewer', meaning: 'looks at workflows and executions' },
  auditor: { label: 'Auditor', meaning: 'sees everything’s state and who did what, never the data' },
}
