// records
//
// Writes what executions became, many at a time: one statement for rows and one for journals, whatever their number.
// D1 bills and queues by the row and the statement, so bulk is what makes a thousand executions a second possible.
//
//   W1. Writing a record twice, or an old one after a newer one, changes nothing: (generation, seq) only ever grows.
//   W2. A bound JSON parameter carries all rows; a value may be 2 MB, so batches are cut below that.

import type { ExecutionStatus, TriggerKind } from '../contract/execution.ts'
import type { Failure } from '../contract/failure.ts'
import type { EventId, ExecutionId, OrganizationId, VersionId, WorkflowId } from '../contract/id.ts'

/** An execution as it stands after turn `seq`. `journal` is the JSON text of all its journal entries. */
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
  journal: string
}

/** Characters of JSON per bound value: 2 MB is the platform's limit, in bytes; a character may take three. */
const maxBatchCharacters = 600_000

/** Writes records; resolves when they are visible to every reader. */
export async function writeRecords(logs: D1Database, records: readonly ExecutionRecord[]): Promise<void> {
  const rows = records.map(({ journal: _, failure, ...row }) => ({
    ...row,
    failure: failure === null ? null : JSON.stringify(failure),
  }))
  const parts = records.flatMap((record) =>
    splitText(record.journal).map((text, part) => ({
      o: record.organizationId,
      e: record.id,
      g: record.generation,
      s: record.seq,
      p: part,
      t: text,
    })),
  )
  // Journals first: a part is only replaced when its execution's row is not already newer (W1).
  const statements = [
    ...batches(parts, (part) => part.t.length).map((batch) => logs.prepare(upsertJournals).bind(JSON.stringify(batch))),
    ...batches(rows, () => 600).map((batch) => logs.prepare(upsertExecutions).bind(JSON.stringify(batch))),
  ]
  if (statements.length > 0) await logs.batch(statements)
}

const upsertJournals = `
INSERT INTO journals (organization_id, execution_id, part, text)
SELECT value->>'o', value->>'e', value->>'p', value->>'t' FROM json_each(?1)
WHERE NOT EXISTS (
  SELECT 1 FROM executions
  WHERE organization_id = value->>'o' AND id = value->>'e'
    AND (generation > value->>'g' OR (generation = value->>'g' AND seq >= value->>'s'))
)
ON CONFLICT (organization_id, execution_id, part) DO UPDATE SET text = excluded.text`

const upsertExecutions = `
INSERT INTO executions (
  organization_id, id, workflow_id, workflow_name, version_id, version_number, status, trigger_kind,
  event_id, generation, seq, accepted_at, finished_at, wake_at, step_count, failure
)
SELECT
  value->>'organizationId', value->>'id', value->>'workflowId', value->>'workflowName', value->>'versionId',
  value->>'versionNumber', value->>'status', value->>'triggerKind', value->>'eventId', value->>'generation',
  value->>'seq', value->>'acceptedAt', value->>'finishedAt', value->>'wakeAt', value->>'stepCount', value->>'failure'
FROM json_each(?1) WHERE true
ON CONFLICT (organization_id, id) DO UPDATE SET
  status = excluded.status, generation = excluded.generation, seq = excluded.seq, finished_at = excluded.finished_at,
  wake_at = excluded.wake_at, step_count = excluded.step_count, failure = excluded.failure
WHERE excluded.generation > generation OR (excluded.generation = generation AND excluded.seq > seq)`

function splitText(text: string): string[] {
  const parts: string[] = []
  for (let start = 0; start < text.length || start === 0; start += maxBatchCharacters / 2) {
    parts.push(text.slice(start, start + maxBatchCharacters / 2))
  }
  return parts
}

/** Cuts a list into runs whose sizes add up to less than one bound value holds. */
function batches<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Item[][] {
  const result: Item[][] = []
  let size = Infinity
  for (const item of items) {
    size += sizeOf(item) + 200
    if (size > maxBatchCharacters) {
      result.push([])
      size = sizeOf(item) + 200
    }
    result.at(-1)?.push(item)
  }
  return result
}
