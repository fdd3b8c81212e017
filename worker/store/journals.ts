// journals: how the journal of an execution lies in D1
//
// All of it in one text, as long as it is short; a long one in runs: one with which it began, and what came since, run by
// run. A text that is larger than a value may be is cut into pieces.
//
//   J1. The number of a part says where it belongs: the turn with which its run begins, and which piece of the run it is.
//       So writing one twice, or one after another, puts it where it is anyway.
//   J2. A run is only written where D1 has the turns before it (`records.ts`), and what is there is only replaced by what
//       reaches further. So together the runs are all turns up to that of the execution's row, at any time.
//   J3. Runs may overlap: who sends one may know less of D1 than there is. A turn that is there twice is the same twice.

import { and, eq, sql } from 'drizzle-orm'
import type { DrizzleD1Database } from 'drizzle-orm/d1'
import type { ExecutionId, OrganizationId } from '../contract/id.ts'
import { executions, journals } from './schema/logs/executions.ts'

/** Numbers of parts for each run: more than the largest journal there may be has pieces. */
export const piecesPerRun = 1_024

/** The number of a piece of the run that begins with turn `from`; 0 where it is the whole journal (J1). */
export function partOf(from: number, piece: number): number {
  return from * piecesPerRun + piece
}

/** The journal of parts in the order of their numbers, as JSON text. */
export function joinParts(parts: readonly { part: number; text: string }[]): string {
  const runs = new Map<number, string>()
  for (const { part, text } of parts) {
    const run = Math.floor(part / piecesPerRun)
    runs.set(run, (runs.get(run) ?? '') + text)
  }
  const texts = [...runs.values()]
  if (texts.length <= 1) return texts[0] ?? '[]'
  const entries: { seq: number }[] = []
  for (const text of texts) {
    // The last turn is the largest.
    const last = entries.at(-1)?.seq ?? 0
    for (const entry of JSON.parse(text) as { seq: number }[]) if (entry.seq > last) entries.push(entry)
  }
  return JSON.stringify(entries)
}

/** How far D1 has an execution. */
export interface Recorded {
  /** Its last turn. */
  seq: number
  /** The turn with which the last run begins; 0 where there is nothing but the whole journal. */
  lastRun: number
}

/** How far D1 has an execution; undefined when it does not know it. It may have more by the time of the answer, never less. */
export async function findRecorded(
  logs: DrizzleD1Database,
  organizationId: OrganizationId,
  id: ExecutionId,
): Promise<Recorded | undefined> {
  const lastPart = sql<number | null>`(SELECT max(${journals.part}) FROM ${journals}
    WHERE ${journals.organizationId} = ${organizationId} AND ${journals.executionId} = ${id})`
  const [row] = await logs
    .select({ seq: executions.seq, lastPart })
    .from(executions)
    .where(and(eq(executions.organizationId, organizationId), eq(executions.id, id)))
  return row === undefined ? undefined : { seq: row.seq, lastRun: Math.floor((row.lastPart ?? 0) / piecesPerRun) }
}
