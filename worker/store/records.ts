// records
//
// Writes what executions became, many at a time. D1 bills and queues by the row and the statement, so bulk is what makes
// a thousand executions a second possible.
//
//   W1. Writing a record twice, or an old one after a newer one, changes nothing: (generation, seq) only ever grows.
//   W2. A record travels as a row: a list of plain values with its journal as text. So the database need not take
//       objects apart, and the journal, which is most of it, is never parsed on its way.
//   W3. A statement takes 100 bound values of 2 MB each. A journal that is larger alone is cut into parts.
//   W4. A record may bring only the last run of its journal (`journals.ts`). Without the turns before it changes nothing:
//       whoever sends it has seen that D1 has them, so that is one whose execution is not there any more.

import type { ExecutionStatus, TriggerKind } from '../contract/execution.ts'
import type { Failure } from '../contract/failure.ts'
import type { ContactId, EventId, ExecutionId, OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'
import { cutText } from '../lib/cut-text.ts'
import { partOf, piecesPerRun } from './journals.ts'

/** An execution as it stands after turn `seq`. `journal` is the list of all its journal entries, or (W4) of those from `from` on. */
export interface ExecutionRecord {
  organizationId: OrganizationId
  id: ExecutionId
  workflowId: WorkflowId
  workflowName: string
  versionId: VersionId
  versionNumber: number
  status: ExecutionStatus
  triggerKind: TriggerKind
  eventId: EventId
  generation: number
  seq: number
  /** Epoch ms, as all times here. */
  acceptedAt: number
  finishedAt: number | null
  wakeAt: number | null
  /** Until then a finished execution keeps an object of its own; null when it has none. */
  objectUntil: number | null
  stepCount: number
  failure: Failure | null
  /** The contact that it is about; absent where there is none. */
  contactId?: ContactId | undefined
  journal: readonly unknown[]
  /** The turn with which `journal` begins, where D1 has those before it; absent where it is all of it. */
  from?: number
}

/** The columns of `executions`, in their order. The failure is JSON text. */
type ExecutionColumns = readonly [
  organizationId: OrganizationId,
  id: ExecutionId,
  workflowId: WorkflowId,
  workflowName: string,
  versionId: VersionId,
  versionNumber: number,
  status: ExecutionStatus,
  triggerKind: TriggerKind,
  eventId: EventId,
  generation: number,
  seq: number,
  acceptedAt: number,
  finishedAt: number | null,
  wakeAt: number | null,
  objectUntil: number | null,
  stepCount: number,
  failure: string | null,
  /** Absent in rows of earlier releases. */
  contactId?: ContactId | null,
  /** Absent where the journal is whole. */
  from?: number,
]

/** A record (W2). The journal is JSON text. */
export type RecordRow = readonly [columns: ExecutionColumns, journal: string]

/** A record as it is written: the same columns in the same order wherever it lies. */
export function toRow(record: ExecutionRecord): RecordRow {
  const columns: ExecutionColumns = [
    record.organizationId,
    record.id,
    record.workflowId,
    record.workflowName,
    record.versionId,
    record.versionNumber,
    record.status,
    record.triggerKind,
    record.eventId,
    record.generation,
    record.seq,
    record.acceptedAt,
    record.finishedAt,
    record.wakeAt,
    record.objectUntil,
    record.stepCount,
    record.failure === null ? null : JSON.stringify(record.failure),
    record.contactId ?? null,
    ...(record.from === undefined ? noColumn : ([record.from] as const)),
  ]
  return [columns, JSON.stringify(record.journal)]
}

const noColumn = [] as const

/**
 * A record as it travels and lies in inboxes: two lines, its columns and its journal, each as JSON text. Quoting the
 * journal once more would cost as much as playing a step.
 */
export function rowText(record: ExecutionRecord): string {
  const [columns, journal] = toRow(record)
  return `${JSON.stringify(columns)}\n${journal}`
}

/** Records as text, each given as `rowText` has it: JSON has no line breaks of its own. */
export function joinRows(rows: readonly string[]): string {
  return rows.join('\n')
}

/** Reads what `rowText` wrote, here or in an earlier release. */
export function parseRow(text: string): RecordRow {
  const end = text.indexOf('\n')
  // Earlier releases wrote a row as one JSON text.
  return end < 0 ? (JSON.parse(text) as RecordRow) : [columnsOf(text.slice(0, end)), text.slice(end + 1)]
}

/** Reads what `joinRows` joined, here or in an earlier release. */
export function parseRows(text: string): RecordRow[] {
  const lines = text.split('\n')
  if (lines.length === 1) return JSON.parse(text) as RecordRow[]
  return Array.from({ length: lines.length / 2 }, (_, index) => [columnsOf(lines[index * 2]!), lines[index * 2 + 1]!])
}

const columnsOf = (line: string) => JSON.parse(line) as ExecutionColumns

/** Characters of a bound value: 2 MB is the platform's limit, in bytes; a character may take three. */
const maxCharacters = 600_000
const rowsPerStatement = 1_000
const partsPerStatement = 16

/** Writes records; resolves when they are visible to every reader. */
export async function writeRecords(logs: D1Database, rows: readonly RecordRow[]): Promise<void> {
  if (rows.length === 0) return
  const ordered = rows.length === 1 ? rows : rows.toSorted(oldestFirst)
  await logs.batch([
    // Journals first: they are only replaced when their execution's row is not already newer (W1).
    ...chunks(ordered.flatMap(partsOf), partsPerStatement).map((parts) =>
      logs.prepare(upsertJournals(parts.length)).bind(...parts.flat()),
    ),
    ...chunks(ordered, rowsPerStatement).map((some) =>
      logs.prepare(upsertExecutions).bind(JSON.stringify(some.map(([columns]) => columns))),
    ),
  ])
}

/** Of several records of one execution the one that is written last stays: nothing older may come after it. */
function oldestFirst([one]: RecordRow, [other]: RecordRow): number {
  return one[9] - other[9] || one[10] - other[10]
}

type JournalPart = [string, string, generation: number, seq: number, part: number, text: string]

function partsOf([columns, journal]: RecordRow): JournalPart[] {
  const [organizationId, id, , , , , , , , generation, seq] = columns
  const from = runOf(columns) ?? 0
  return cutText(journal, maxCharacters).map((text, piece) => {
    return [organizationId, id, generation, seq, partOf(from, piece), text]
  })
}

/** The turn with which the journal of a record begins; undefined where it is whole. */
export function runOf(columns: ExecutionColumns): number | undefined {
  return columns[18]
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

const upsertTexts: string[] = []

/** The same text for the same count, so that the database prepares it once. */
function upsertJournals(count: number): string {
  return (upsertTexts[count] ??= `
INSERT INTO journals (organization_id, execution_id, part, text)
SELECT new.column1, new.column2, new.column5, new.column6
FROM (VALUES ${Array(count).fill('(?, ?, ?, ?, ?, ?)').join(', ')}) AS new
WHERE NOT EXISTS (
  SELECT 1 FROM executions AS known
  WHERE known.organization_id = new.column1 AND known.id = new.column2
    AND (known.generation > new.column3 OR (known.generation = new.column3 AND known.seq >= new.column4))
)
AND (new.column5 < ${piecesPerRun} OR EXISTS (
  SELECT 1 FROM executions AS known
  WHERE known.organization_id = new.column1 AND known.id = new.column2
    AND known.seq >= CAST(new.column5 AS INTEGER) / ${piecesPerRun} - 1
))
ON CONFLICT (organization_id, execution_id, part) DO UPDATE SET text = excluded.text`)
}

const upsertExecutions = `
INSERT INTO executions (
  organization_id, id, workflow_id, workflow_name, version_id, version_number, status, trigger_kind,
  event_id, generation, seq, accepted_at, finished_at, wake_at, object_until,
  step_count, failure, contact_id
)
SELECT ${Array.from({ length: 18 }, (_, column) => `value->>${column}`).join(', ')}
FROM json_each(?1)
WHERE value->>18 IS NULL OR EXISTS (
  SELECT 1 FROM journals AS run
  WHERE run.organization_id = value->>0 AND run.execution_id = value->>1 AND run.part = value->>18 * ${piecesPerRun}
)
ON CONFLICT (organization_id, id) DO UPDATE SET
  version_id = excluded.version_id, version_number = excluded.version_number,
  status = excluded.status, generation = excluded.generation, seq = excluded.seq, finished_at = excluded.finished_at,
  wake_at = excluded.wake_at, object_until = excluded.object_until, step_count = excluded.step_count, failure = excluded.failure
WHERE excluded.generation > generation OR (excluded.generation = generation AND excluded.seq > seq)`
