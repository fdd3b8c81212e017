// ledger
//
// What the sink saw, one line of JSON per entry, in a file that is only ever appended to.
//
//   L1. A call's line is on disk (fsync) before the call is answered. Calls that come together share one fsync.
//   L2. How a call ended is a second line, written afterwards: it decides nothing that was answered.

import { existsSync, readFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

/** What became of a call, and when (epoch ms). `unanswered`: the caller was gone first. `dropped`: on purpose. */
export interface CallEnd {
  at: number
  kind: 'answered' | 'dropped' | 'unanswered'
  status?: number
}

/** One call as the sink saw it. */
export interface SinkCall {
  /** Calls are numbered as they arrive. */
  number: number
  /** Epoch ms of its arrival. */
  at: number
  method: string
  /** Path and query. */
  address: string
  /** Its `Idempotency-Key`. */
  key: string | null
  /** Its body, as JSON where it is JSON and as text otherwise. */
  body: unknown
  /** Absent while the call has no answer. */
  end?: CallEnd
}

export interface Ledger {
  /** Resolves when the line is on disk. */
  commit(call: SinkCall): Promise<void>
  noteEnd(number: number, end: CallEnd): void
}

type Line = { call: SinkCall } | { number: number; end: CallEnd }

/** Opens a ledger for appending. */
export async function openLedger(path: string): Promise<Ledger> {
  const file = await open(path, 'a')
  const waiting: string[] = []
  let mustSync = false
  /** The last write that was begun, and the one that will take what waits. */
  let last: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined

  async function writeOut(): Promise<void> {
    next = undefined
    const syncs = mustSync
    mustSync = false
    await file.appendFile(waiting.splice(0).join(''))
    if (syncs) await file.datasync()
  }

  function write(line: Line): Promise<void> {
    waiting.push(`${JSON.stringify(line)}\n`)
    if (next === undefined) {
      next = last.then(writeOut)
      last = next
    }
    return next
  }

  return {
    commit(call) {
      mustSync = true
      return write({ call })
    },
    noteEnd: (number, end) => void write({ number, end }),
  }
}

/** All calls of a ledger, in the order in which they came. */
export function readLedger(path: string): SinkCall[] {
  if (!existsSync(path)) return []
  const calls = new Map<number, SinkCall>()
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as Line
    if ('call' in line) calls.set(line.call.number, line.call)
    else {
      const call = calls.get(line.number)
      if (call !== undefined) call.end = line.end
    }
  }
  return [...calls.values()]
}
