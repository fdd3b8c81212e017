// project-records
//
// Brings what became of executions to D1. Many at once go straight there, and so does the tail of many; few go by the
// queue, where they meet those of other inboxes: D1 is asked in bulk either way.

import type { Env } from '../../env.ts'
import { parseRow, writeRecords } from '../../store/records.ts'
import { isolateOf } from '../isolate.ts'

/**
 * Writes records, each given as text, when `BulkPolicy` says so. True when D1 has them. False: send them by the queue,
 * which tries until D1 is there again.
 */
export async function writeInBulk(env: Env, texts: readonly string[]): Promise<boolean> {
  const { bulkPolicy } = isolateOf(env)
  if (!bulkPolicy.writesDirectly(texts.length, Date.now())) return false
  try {
    await writeAtOnce(env, texts)
    bulkPolicy.wrote(texts.length, Date.now())
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
