import { sql, type SQL } from 'drizzle-orm'
import type { Scope } from '../tenancy/scope.ts'
import { teamMembers } from './schema/db/people.ts'
import { workflows } from './schema/db/workflows.ts'

/**
 * Which workflows a caller sees: `tenancy/visibility.ts` in SQL. Every read of workflows, of one or of many, and
 * every write goes through it, so what is not listed can not be reached by its id either.
 */
export function visibleTo(scope: Scope): SQL {
  const mine = sql`${workflows.organizationId} = ${scope.organizationId}`
  if (scope.sight === 'organization') return mine
  const sharesTeam = sql`EXISTS (
    SELECT 1 FROM ${teamMembers}
    WHERE ${teamMembers.userId} = ${workflows.createdBy}
      AND ${teamMembers.teamId} IN (SELECT value FROM json_each(${JSON.stringify(scope.teamIds)})))`
  const withinTeam = scope.sight === 'team' ? sharesTeam : sql`${workflows.visibility} = 'team' AND ${sharesTeam}`
  return sql`(${mine} AND (${workflows.createdBy} = ${scope.userId} OR ${workflows.visibility} = 'organization' OR (${withinTeam})))`
}
