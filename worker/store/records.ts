// records
//
// Writes what executions became, many at a time: one statement for rows and one for journals, whatever their number.
// D1 bills and queues by the row and the statement, so bulk is what makes a thousand executions a second possible.
//
//   W1. Writing a record twice, or an old one after a newer one, changes nothing: (generation, seq) only ever grows.
//   W2. Records come as JSON text and go as JSON text: the database takes them apart, not we. A bound value may be
//       2 MB, so texts are joined below that, and a journal that is larger alone is cut into parts.

import type { ExecutionStatus, TriggerKind } from '../contract/execution.ts'
import type { Failure } from '../contract/failure.ts'
import type { EventId, ExecutionId, OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'

/** An execution as it stands after turn `seq`. `journal` is the list of all its journal entries. */
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
  stepCount: number
  failure: Failure | null
  journal: readonly unknown[]
}

/** Characters of JSON per bound value: 2 MB is the platform's limit, in bytes; a character may take three. */
const maxCharacters = 600_000

/** Writes records, given as JSON texts of lists of `ExecutionRecord`; resolves when they are visible to every reader. */
export async function writeRecords(logs: D1Database, lists: readonly string[]): Promise<void> {
  const statements: D1PreparedStatement[] = []
  for (const list of joined(lists.filter((text) => text.length <= maxCharacters))) {
    // Journals first: they are only replaced when their execution's row is not already newer (W1).
    statements.push(logs.prepare(upsertWholeJournals).bind(list), logs.prepare(upsertExecutions).bind(list))
  }
  for (const list of lists.filter((text) => text.length > maxCharacters)) {
    for (const record of JSON.parse(list) as ExecutionRecord[]) statements.push(...writeLarge(logs, record))
  }
  if (statements.length > 0) await logs.batch(statements)
}

function writeLarge(logs: D1Database, record: ExecutionRecord): D1PreparedStatement[] {
  const { organizationId: o, id: e, generation: g, seq: s, journal, ...rest } = record
  const text = JSON.stringify(journal)
  const size = maxCharacters / 2
  const parts = Array.from({ length: Math.ceil(text.length / size) }, (_, p) =>
    logs.prepare(upsertJournalParts).bind(JSON.stringify([{ o, e, g, s, p, t: text.slice(p * size, (p + 1) * size) }])),
  )
  const row = { ...rest, organizationId: o, id: e, generation: g, seq: s }
  return [...parts, logs.prepare(upsertExecutions).bind(JSON.stringify([row]))]
}

/** Lists joined into as few as may be, each below the limit of a value. */
function joined(lists: readonly string[]): string[] {
  const runs: string[][] = []
  let size = Infinity
  for (const list of lists) {
    if (size + list.length > maxCharacters) {
      runs.push([])
      size = 0
    }
    size += list.length
    runs.at(-1)?.push(list)
  }
  return runs.map(joinLists)
}

/** JSON texts of lists, none of them empty, as the text of one list. */
export function joinLists(lists: readonly string[]): string {
  return `[${lists.map((list) => list.slice(1, -1)).join(',')}]`
}

const isNotOlder = (generation: string, seq: string, organizationId: string, id: string) => `
NOT EXISTS (
  SELECT 1 FROM executions AS known
  WHERE known.organization_id = ${organizationId} AND known.id = ${id}
    AND (known.generation > ${generation} OR (known.generation = ${generation} AND known.seq >= ${seq}))
)`

const upsertWholeJournals = `
INSERT INTO journals (organization_id, execution_id, part, text)
SELECT value->>'organizationId', value->>'id', 0, value->'journal' FROM json_each(?1)
WHERE ${isNotOlder("value->>'generation'", "value->>'seq'", "value->>'organizationId'", "value->>'id'")}
ON CONFLICT (organization_id, execution_id, part) DO UPDATE SET text = excluded.text`

const upsertJournalParts = `
INSERT INTO journals (organization_id, execution_id, part, text)
SELECT value->>'o', value->>'e', value->>'p', value->>'t' FROM json_each(?1)
WHERE ${isNotOlder("value->>'g'", "value->>'s'", "value->>'o'", "value->>'e'")}
ON CONFLICT (organization_id, execution_id, part) DO UPDATE SET text = excluded.text`

const upsertExecutions = `
INSERT INTO executions (
  organization_id, id, workflow_id, workflow_name, version_id, version_number, status, trigger_kind,
  event_id, generation, seq, accepted_at, finished_at, wake_at, step_count, failure
)
SELECT
  value->>'organizationId', value->>'id', value->>'workflowId', value->>'workflowName', value->>'versionId',
  value->>'versionNumber', value->>'status', value->>'triggerKind', value->>'eventId', value->>'generation',
  value->>'seq', value->>'acceptedAt', value->>'finishedAt', value->>'wakeAt', value->>'stepCount',
  nullif(value->'failure', 'null')
FROM json_each(?1) WHERE true
ON CONFLICT (organization_id, id) DO UPDATE SET
  status = excluded.status, generation = excluded.generation, seq = excluded.seq, finished_at = excluded.finished_at,
  wake_at = excluded.wake_at, step_count = excluded.step_count, failure = excluded.failure
WHERE excluded.generation > generation OR (excluded.generation = generation AND excluded.seq > seq)`
