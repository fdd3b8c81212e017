import { z } from 'zod'
import { capabilities } from './facts/member.ts'
import { OrganizationId, TeamId, UserId } from './id.ts'

/** What a member of an organization is; `tenancy/roles.ts` says what each may do. */
export const Role = z.enum(['owner', 'admin', 'editor', 'operator', 'viewer', 'auditor']).meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

/** One permission. */
export const Capability = z.enum(capabilities).meta({ id: 'Capability' })
export type Capability = z.infer<typeof Capability>

/** How far a member's sight reaches: what they made, what their team made, or all of the organization. */
export const Sight = z.enum(['own', 'team', 'organization']).meta({ id: 'Sight' })
export type Sight = z.infer<typeof Sight>

/** `GET /me`: who is calling, where, and what they may do. */
export const CurrentMember = z
  .strictObject({
    userId: UserId,
    name: z.string(),
    email: z.string(),
    organization: z.strictObject({ id: OrganizationId, name: z.string(), slug: z.string() }),
    organizations: z.array(z.strictObject({ id: OrganizationId, name: z.string(), slug: z.string(), role: Role })),
    role: Role,
    teamIds: z.array(TeamId),
    sight: Sight,
    capabilities: z.array(Capability),
    /** The roles that the caller may give to others: none that may do more than the caller, and none without `member.manage`. */
    rolesToGive: z.array(Role),
    /** How the call was made. */
    via: z.enum(['session', 'api_key']),
  })
  .meta({ id: 'CurrentMember' })
export type CurrentMember = z.infer<typeof CurrentMember>

/** A member of the organization. */
export const Member = z
  .strictObject({
    userId: UserId,
    name: z.string(),
    email: z.string(),
    role: Role,
    /** How far they see: the wider of what their role sees by itself and what they were given. */
    sight: Sight,
    /** What they were given beyond their role's own; null for nothing. */
    givenSight: Sight.nullable(),
    /** Their teams that the caller sees, by name. */
    teams: z.array(z.strictObject({ id: TeamId, name: z.string() })),
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>

/** `PATCH /members/{userId}`: what is absent stays as it is. */
export const ChangeMemberRequest = z
  .strictObject({
    sight: Sight.extract(['team', 'organization'])
      .nullable()
      .optional()
      .describe('How far the member sees beyond what their role does: `team` or `organization`. Null takes it back.'),
    role: Role.optional().describe('What the member is from now on; never what may do more than the caller.'),
  })
  .refine(({ sight, role }) => sight !== undefined || role !== undefined, 'must change something')
  .meta({ id: 'ChangeMemberRequest' })
export type ChangeMemberRequest = z.infer<typeof ChangeMemberRequest>
