import type { Role, Sight } from '#contract/member.ts'

/** What a role is called, and what it comes to, in a few words. */
export const roleWords: Record<Role, { label: string; meaning: string }> = {
  owner: { label: 'Owner', meaning: 'may do everything, and decides about the organization' },
  admin: { label: 'Administrator', meaning: 'may do everything but decide about the organization' },
  editor: { label: 'Editor', meaning: 'draws, publishes and runs workflows' },
  operator: { label: 'Operator', meaning: 'runs workflows, cancels and retries' },
  viewer: { label: 'Viewer', meaning: 'looks at workflows and executions' },
  auditor: { label: 'Auditor', meaning: 'sees everything’s state and who did what, never the data' },
}

/** Every role, from most to least. */
export const roleNames: readonly Role[] = ['owner', 'admin', 'editor', 'operator', 'viewer', 'auditor']

/** Roles that see everything in the organization by themselves: there is nothing wider that they could be given. */
export const rolesThatSeeAll: readonly Role[] = ['owner', 'admin', 'auditor']

/** How far a member sees, in the order from little to all. */
export const sightWords: Record<Sight, { label: string; detail: string }> = {
  own: { label: 'Sees their own', detail: 'what they made, and what is shared with them' },
  team: { label: 'Sees their teams’', detail: 'and what members of their teams made' },
  organization: { label: 'Sees everything', detail: 'all workflows, whoever made them' },
}
