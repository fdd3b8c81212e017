import type { ExecutionLimit } from '#contract/execution-limit.ts'
import { mostRunning } from '#contract/facts/execution-limit.ts'

/** What is typed as a number of executions; `error` where it cannot be one. Nothing is no limit. */
export function readLimit(typed: string): { limit: number | null; error?: string } {
  const text = typed.trim()
  if (text === '') return { limit: null }
  const limit = Number(text)
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostRunning) return { limit }
  return { limit: null, error: `Enter a whole number from 1 to ${mostRunning.toLocaleString('en')}, or nothing.` }
}

/** How it stands just now, in a sentence; undefined where nothing limits, or nobody can say. */
export function standingWords({ running, waiting }: ExecutionLimit): string | undefined {
  if (running === undefined || waiting === undefined) return undefined
  if (waiting === 0) return `${running} under way now, nobody waits.`
  return `${running} under way now, ${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a turn.`
}

/** What holds for whoever cannot change it. */
export function limitWords({ limit, most }: ExecutionLimit): string {
  const holds = Math.min(limit ?? Infinity, most ?? Infinity)
  return holds === Infinity ? 'There is no limit.' : `At most ${holds.toLocaleString('en')} at a time.`
}
