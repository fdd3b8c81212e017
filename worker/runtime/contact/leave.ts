import type { ExecutionId } from '../../contract/id.ts'
import type { EnrolmentTable } from './enrolment-table.ts'

/** The execution of an enrolment is over. True when that was not known. To be called in a transaction. */
export function leave(table: EnrolmentTable, id: ExecutionId, at: number): boolean {
  const row = table.find(id)
  if (row === undefined || (row.endedAt !== null && row.order === null)) return false
  table.change({ ...row, endedAt: row.endedAt ?? at, endedBy: row.endedBy ?? 'finished', order: null })
  return true
}

/** The contact was deleted: all of its enrolments end, and so do their executions. To be called in a transaction. */
export function leaveAll(table: EnrolmentTable, at: number): void {
  const order = { kind: 'leave', reason: 'The contact was deleted.' } as const
  for (const row of table.listOpen()) table.change({ ...row, endedAt: at, endedBy: 'contact_deleted', order })
}
