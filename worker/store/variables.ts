import { and, asc, eq, sql } from 'drizzle-orm'
import type { OrganizationId } from '../contract/id.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { SetVariableRequest, Variable, VariableName } from '../contract/variable.ts'
import { variableLimits } from '../contract/facts/variable.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { variables } from './schema/db/variables.ts'

/** The organization's variables: seen by all its members. */
export function variableStore(db: Database, scope: Scope, actor: Actor) {
  const own = eq(variables.organizationId, scope.organizationId)
  const one = (name: VariableName) => and(own, eq(variables.name, name))

  return {
    /** All of them, by name. */
    async list(): Promise<Variable[]> {
      const rows = await db.select().from(variables).where(own).orderBy(asc(variables.name))
      return rows.map(toVariable)
    },

    async find(name: VariableName): Promise<Variable | undefined> {
      const [row] = await db.select().from(variables).where(one(name)).limit(1)
      return row && toVariable(row)
    },

    /** Undefined, and nothing changed, when there is one of that name, or as many as there may be. */
    async create(
      name: VariableName,
      { type, value, description }: SetVariableRequest,
      at: Date,
    ): Promise<Variable | undefined> {
      const [[created]] = await db.batch([
        // In the order of the table's columns.
        db
          .insert(variables)
          .select(
            sql`
          SELECT ${scope.organizationId}, ${name}, ${type}, ${JSON.stringify(value)}, ${description}, 1,
            ${scope.userId}, ${at.getTime()}, ${at.getTime()}
          WHERE (SELECT count(*) FROM variables AS v WHERE v.organization_id = ${scope.organizationId})
              < ${variableLimits.variables}
            AND NOT EXISTS (
              SELECT 1 FROM variables AS v WHERE v.organization_id = ${scope.organizationId} AND v.name = ${name})`,
          )
          .returning(),
        deedIfChanged(db, actor, { action: 'variable.created', targetId: name, details: { type } }),
      ])
      return created && toVariable(created)
    },

    /** Changes one that was edited from `revision`. Undefined, and nothing changed, when it has another by now. */
    async update(
      name: VariableName,
      revision: number,
      { type, value, description }: SetVariableRequest,
      at: Date,
    ): Promise<Variable | undefined> {
      const [[changed]] = await db.batch([
        db
          .update(variables)
          .set({ type, value, description, revision: revision + 1, updatedAt: at })
          .where(and(one(name), eq(variables.revision, revision)))
          .returning(),
        deedIfChanged(db, actor, { action: 'variable.changed', targetId: name, details: { type } }),
      ])
      return changed && toVariable(changed)
    },

    /** False when there is none, or it has another revision than the one given. */
    async remove(name: VariableName, revision: number | undefined): Promise<boolean> {
      const [removed] = await db.batch([
        db
          .delete(variables)
          .where(and(one(name), revision === undefined ? undefined : eq(variables.revision, revision)))
          .returning({ name: variables.name }),
        deedIfChanged(db, actor, { action: 'variable.deleted', targetId: name }),
      ])
      return removed.length > 0
    },
  }
}

/**
 * An organization's variables as an execution is given them. Read when a trigger is consumed, before anybody is
 * admitted: the organization is that of the trigger.
 */
export async function readVariables(db: D1Database, organizationId: OrganizationId): Promise<JsonObject> {
  const { results } = await db
    .prepare('SELECT name, value FROM variables WHERE organization_id = ? ORDER BY name')
    .bind(organizationId)
    .all<{ name: string; value: string }>()
  return Object.fromEntries(results.map(({ name, value }) => [name, JSON.parse(value) as Json]))
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toVariable(row: typeof variables.$inferSelect): Variable {
  const { name, type, value, description, revision, createdAt, updatedAt } = row
  return {
    name,
    type,
    value,
    description,
    revision,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
