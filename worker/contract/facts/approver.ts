import type { Role } from '../member.ts'

/** Roles that may be asked: those that may decide at all. */
export const approverRoles = ['owner', 'admin', 'editor', 'operator'] as const satisfies Role[]
