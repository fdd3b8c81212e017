// project-records
//
// Brings what became of executions to D1. Many at once go straight there; few go by the queue, where they meet those
// of other inboxes: D1 is asked in bulk either way.

import type { Env } from '../env.ts'
import { parseRow, writeRecords } from '../store/records.ts'

/** So many records make a write of their own worth while. */
const bulkFrom = 20

/**
 * Writes records, given as JSON texts of `RecordRow`s, when they are many. Whether they are in D1 now; when they are
 * not, they are to go by the queue, which tries until D1 is there again.
 */
export async function writeInBulk(env: Env, texts: readonly string[]): Promise<boolean> {
  if (texts.length < bulkFrom) return false
  try {
    await writeAtOnce(env, texts)
    return true
  } catch (error) {
    console.error({ message: 'records not written', count: texts.length, error: String(error) })
    return false
  }
}

/** Writes records, however few; rejects when D1 does not take them. */
export async function writeAtOnce(env: Env, texts: readonly string[]): Promise<void> {
  await writeRecords(env.LOGS, texts.map(parseRow))
}
