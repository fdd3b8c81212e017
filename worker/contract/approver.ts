import { z } from 'zod'
import { approverRoles } from './facts/approver.ts'

/** An address as it is compared: without spaces around it, in lower case. */
export const ApproverEmail = z.string().trim().toLowerCase().pipe(z.email().max(254))

/** A role that may be asked. */
export const ApproverRole = z.enum(approverRoles)
export type ApproverRole = z.infer<typeof ApproverRole>

/** Who is asked. An address is that of a member or of an outsider. */
export const Approvers = z.strictObject({ emails: z.array(ApproverEmail), roles: z.array(ApproverRole) })
export type Approvers = z.infer<typeof Approvers>
