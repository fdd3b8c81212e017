import { sql, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { Scope } from '../tenancy/scope.ts'
import { contacts } from './schema/db/contacts.ts'
import { teamMembers, teams } from './schema/db/people.ts'
import { workflows } from './schema/db/workflows.ts'

/**
 * Which workflows a caller sees: their own, those that were shared with them, and as far as their sight reaches. Every
 * read of workflows, of one or of many, and every write goes through it, so what is not listed cannot be reached by its
 * id either. A test holds it to a second writing of the rule (`test/support/visibility.ts`).
 */
export function visibleTo(scope: Scope): SQL {
  const { organizationId, createdBy, visibility } = workflows
  return visibleIn(scope, { organizationId, owner: createdBy, visibility })
}

/** As `visibleTo`, for contacts: they belong to whoever looks after them. */
export function visibleContacts(scope: Scope): SQL {
  const { organizationId, ownerId, visibility } = contacts
  return visibleIn(scope, { organizationId, owner: ownerId, visibility })
}

/** Which teams a caller sees: those they are in; whose sight is the organization's sees all of its. */
export function visibleTeams(scope: Scope): SQL {
  const mine = sql`${teams.organizationId} = ${scope.organizationId}`
  if (scope.sight === 'organization') return mine
  return sql`(${mine} AND ${teams.id} IN ${inTeamsOf(scope)})`
}

function inTeamsOf({ teamIds }: Scope): SQL {
  return sql`(SELECT value FROM json_each(${JSON.stringify(teamIds)}))`
}

function visibleIn(
  scope: Scope,
  { organizationId, owner, visibility }: { organizationId: SQLWrapper; owner: SQLWrapper; visibility: SQLWrapper },
): SQL {
  const mine = sql`${organizationId} = ${scope.organizationId}`
  if (scope.sight === 'organization') return mine
  const sharesTeam = sql`EXISTS (
    SELECT 1 FROM ${teamMembers}
    WHERE ${teamMembers.userId} = ${owner}
      AND ${teamMembers.teamId} IN ${inTeamsOf(scope)})`
  const withinTeam = scope.sight === 'team' ? sharesTeam : sql`${visibility} = 'team' AND ${sharesTeam}`
  return sql`(${mine} AND (${owner} = ${scope.userId} OR ${visibility} = 'organization' OR (${withinTeam})))`
}
