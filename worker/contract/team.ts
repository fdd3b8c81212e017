import { z } from 'zod'
import { teamLimits } from './facts/team.ts'
import { TeamId, UserId } from './id.ts'
import { wholeText } from './whole-text.ts'

const name = wholeText().trim().min(1).max(teamLimits.nameLength)

/** A team: members who may share with each other what they make. */
export const Team = z
  .strictObject({
    id: TeamId,
    /** Unique within the organization, whatever its case. */
    name: z.string(),
    memberCount: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Team' })
export type Team = z.infer<typeof Team>

/** Somebody who is in a team. */
export const TeamMember = z
  .strictObject({ userId: UserId, name: z.string(), email: z.string() })
  .meta({ id: 'TeamMember' })
export type TeamMember = z.infer<typeof TeamMember>

/** A team with everybody who is in it, by name. */
export const TeamWithMembers = Team.extend({ members: z.array(TeamMember) }).meta({ id: 'TeamWithMembers' })
export type TeamWithMembers = z.infer<typeof TeamWithMembers>

/** `GET /teams`: all that the caller sees, or those of them that a member is in. */
export const TeamListQuery = z.strictObject({
  member: UserId.optional().describe('Only teams that this person is in.'),
})
export type TeamListQuery = z.infer<typeof TeamListQuery>

/** `POST /teams`. */
export const CreateTeamRequest = z
  .strictObject({ name: name.describe('What the team is called; unique within the organization, whatever its case.') })
  .meta({ id: 'CreateTeamRequest' })
export type CreateTeamRequest = z.infer<typeof CreateTeamRequest>

/** `PATCH /teams/{teamId}`. */
export const RenameTeamRequest = z
  .strictObject({
    name: name.describe('What the team is called from now on; unique within the organization, whatever its case.'),
  })
  .meta({ id: 'RenameTeamRequest' })
export type RenameTeamRequest = z.infer<typeof RenameTeamRequest>
