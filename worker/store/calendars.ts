import { and, asc, eq, ne, sql } from 'drizzle-orm'
import type { Calendar, CalendarRules, CalendarSnapshot } from '../contract/calendar.ts'
import type { CalendarId, OrganizationId } from '../contract/id.ts'
import type { Scope } from '../tenancy/scope.ts'
import { deedIfChanged, type Actor } from './audit.ts'
import type { Database } from './database.ts'
import { calendars } from './schema/db/calendars.ts'

/** Calendars an organization may have. */
export const maxCalendars = 100

/** The organization's business calendars: seen by all its members. */
export function calendarStore(db: Database, scope: Scope, actor: Actor) {
  const own = eq(calendars.organizationId, scope.organizationId)
  const one = (id: CalendarId) => and(own, eq(calendars.id, id))
  const count = sql`(SELECT count(*) FROM calendars AS c WHERE c.organization_id = ${scope.organizationId})`

  return {
    /** Adds one; the first is the default. Undefined when there are as many as there may be. */
    async create(calendar: {
      id: CalendarId
      name: string
      rules: CalendarRules
      isDefault: boolean
      at: Date
    }): Promise<Calendar | undefined> {
      const { id, name, rules, isDefault, at } = calendar
      const [, , , rows] = await db.batch([
        db
          .update(calendars)
          .set({ isDefault: false })
          .where(and(own, eq(calendars.isDefault, true), isDefault ? sql`${count} < ${maxCalendars}` : sql`0`)),
        // In the order of the table's columns.
        db.insert(calendars).select(sql`
          SELECT ${id}, ${scope.organizationId}, ${name}, ${isDefault ? 1 : 0} OR ${count} = 0, ${JSON.stringify(rules)}, 1,
            ${scope.userId}, ${at.getTime()}, ${at.getTime()}
          WHERE ${count} < ${maxCalendars}`),
        deedIfChanged(db, actor, { action: 'calendar.created', targetId: id, details: { name } }),
        db.select().from(calendars).where(one(id)),
      ])
      return rows[0] && toCalendar(rows[0])
    },

    async find(id: CalendarId): Promise<Calendar | undefined> {
      const [row] = await db.select().from(calendars).where(one(id)).limit(1)
      return row && toCalendar(row)
    },

    /** All of them, by name. */
    async list(): Promise<Calendar[]> {
      const rows = await db.select().from(calendars).where(own).orderBy(asc(calendars.name), asc(calendars.id))
      return rows.map(toCalendar)
    },

    /**
     * Changes a calendar that was edited from `revision`, and gives it. Undefined, and nothing changed, when it has another
     * by now.
     */
    async update(
      id: CalendarId,
      revision: number,
      { name, rules, isDefault }: { name: string; rules: CalendarRules; isDefault: boolean },
      at: Date,
    ): Promise<Calendar | undefined> {
      const isCurrent = and(one(id), eq(calendars.revision, revision))
      const present = sql`EXISTS (
        SELECT 1 FROM calendars AS c
        WHERE c.id = ${id} AND c.organization_id = ${scope.organizationId} AND c.revision = ${revision})`
      const [, [changed]] = await db.batch([
        db
          .update(calendars)
          .set({ isDefault: false })
          .where(and(own, ne(calendars.id, id), eq(calendars.isDefault, true), isDefault ? present : sql`0`)),
        db
          .update(calendars)
          .set({ name, rules, isDefault, revision: revision + 1, updatedAt: at })
          .where(isCurrent)
          .returning(),
        deedIfChanged(db, actor, { action: 'calendar.changed', targetId: id, details: { name } }),
      ])
      return changed && toCalendar(changed)
    },

    /** Removes one that is not the default, or that is the only one. */
    async remove(id: CalendarId): Promise<boolean> {
      const [removed] = await db.batch([
        db
          .delete(calendars)
          .where(and(one(id), sql`(is_default = 0 OR ${count} = 1)`))
          .returning({ id: calendars.id }),
        deedIfChanged(db, actor, { action: 'calendar.deleted', targetId: id }),
      ])
      return removed.length > 0
    },

    /**
     * How many live workflows wait by a calendar: those that name it, and, of the default one, also those that wait
     * by whichever is the default.
     */
    async countUses({ id, isDefault }: Pick<Calendar, 'id' | 'isDefault'>): Promise<number> {
      const row = await db.get<{ uses: number }>(sql`
        SELECT count(DISTINCT w.id) AS uses
        FROM workflows AS w JOIN versions AS v ON v.id = w.published_version_id, json_each(v.graph, '$.nodes') AS n
        WHERE w.organization_id = ${scope.organizationId} AND w.status = 'active'
          AND n.value->>'$.params.mode' = 'businessHours'
          AND (n.value->>'$.params.calendar' = ${id}
            OR (${isDefault ? 1 : 0} AND coalesce(n.value->>'$.params.calendar', '') = ''))`)
      return row.uses
    },
  }
}

/**
 * An organization's calendars as an execution is given them. Read when a trigger is consumed, before anybody is
 * admitted: the organization is that of the trigger.
 */
export async function readCalendarSnapshot(db: D1Database, organizationId: OrganizationId): Promise<CalendarSnapshot> {
  const { results } = await db
    .prepare('SELECT id, is_default AS isDefault, rules FROM calendars WHERE organization_id = ? ORDER BY id')
    .bind(organizationId)
    .all<{ id: CalendarId; isDefault: number; rules: string }>()
  return {
    default: results.find(({ isDefault }) => isDefault === 1)?.id ?? null,
    calendars: Object.fromEntries(results.map(({ id, rules }) => [id, JSON.parse(rules) as CalendarRules])),
  }
}

/** The row is ours to change; the contract is a promise. This function is where they meet. */
function toCalendar(row: typeof calendars.$inferSelect): Calendar {
  const { id, name, isDefault, rules, revision, createdAt, updatedAt } = row
  return {
    id,
    name,
    isDefault,
    ...rules,
    revision,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
