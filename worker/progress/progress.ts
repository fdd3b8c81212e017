// progress
//
// How far an execution has come, by how others went on from where it stands (`outlook.ts`), and where there are none, by
// its graph as far as there is one way through it.
//
//   P1. Nothing is claimed without a reason: no history and no single way, no estimate.
//   P2. The share never goes back. It is the largest that the execution has had after any of its turns since it last
//       began, so it follows from the journal and the history alone: whoever asks, however often, hears the same.
//   P3. It is 1 when the execution has finished, and only then.

import type { Estimate, ExecutionProgress, ProgressNote } from '../contract/progress.ts'
import type { JournalEntry } from '../engine/event.ts'
import type { History } from './history.ts'
import { Outlook } from './outlook.ts'
import { estimateOf, exactly } from './quantiles.ts'
import { remaining } from './remaining.ts'
import { type LeadsTo, straightOn } from './straight-on.ts'
import { follow, newTrace, type Trace } from './trace.ts'

/** What progress is measured against. */
export interface Yardstick {
  history: History
  /** The version that the history is of, and whether it is the execution's own. */
  version: { number: number; isOwn: boolean }
  leadsTo: LeadsTo
}

export type Progress = Omit<ExecutionProgress, 'executionId' | 'at'>

/** How far the execution of this journal has come at `now`, in epoch ms. */
export function progressOf(journal: readonly JournalEntry[], yardstick: Yardstick, now: number): Progress {
  const { history, version, leadsTo } = yardstick
  const outlook = new Outlook(history)
  const trace = newTrace()
  let [share, restarts] = [0, 0]
  for (const { events } of journal) {
    for (const event of events) follow(trace, event)
    const expected = expectedOf(trace, outlook, leadsTo)
    if (trace.restarts !== restarts) [share, restarts] = [0, trace.restarts]
    if (expected !== null) share = Math.max(share, shareOf(trace, expected))
  }
  const { done, begun } = trace
  if (trace.finishedAt !== null) {
    return { done: begun, expected: exactly(begun), share: 1, remainingMs: exactly(0), basedOn: null }
  }
  const expected = trace.ending ? null : expectedOf(trace, outlook, leadsTo)
  const aheads = outlook.from(trace)
  const { time, isLate } = remaining(aheads, trace, history, now)
  const note = noteOf(trace, { knows: history.ways.length > 0, finds: aheads.length > 0, isLate })
  const isHeld = note === 'queued' || note === 'paused' || note === 'ending'
  // What others took until the decision or the event came has passed: from here on it is anybody's guess.
  const isOpen = isLate && (note === 'approval' || note === 'event')
  return {
    done,
    expected,
    share: expected === null ? null : share,
    remainingMs: isHeld || isOpen ? null : time,
    ...(note !== undefined && { note }),
    basedOn:
      expected === null
        ? null
        : aheads.length === 0
          ? { source: 'graph' }
          : {
              source: 'history',
              executions: aheads.length,
              versionNumber: version.number,
              sameVersion: version.isOwn,
            },
  }
}

/** Steps in all; at least one is still to end. */
function expectedOf(trace: Trace, outlook: Outlook, leadsTo: LeadsTo): Estimate | null {
  const { begun, done } = trace
  const least = Math.max(begun, done + 1)
  const aheads = outlook.from(trace)
  if (aheads.length > 0) return estimateOf(aheads.map(({ steps }) => Math.max(least, begun + steps)))
  const ahead = straightFrom(trace, leadsTo)
  return ahead === null ? null : exactly(Math.max(least, begun + ahead))
}

function straightFrom({ open, last, trigger, restarts }: Trace, leadsTo: LeadsTo): number | null {
  const [at, ...others] = open
  if (others.length > 0 || (at !== undefined && leadsTo(at.node) === null)) return null
  if (at !== undefined) return straightOn(leadsTo, at.node)
  if (last !== null) return straightOn(leadsTo, last.node)
  if (trigger === null || restarts > 0) return null
  const ahead = straightOn(leadsTo, trigger)
  return ahead === null ? null : ahead + 1
}

function shareOf({ done, finishedAt }: Trace, { likely }: Estimate): number {
  return finishedAt === null ? Math.floor((done / likely) * 1_000) / 1_000 : 1
}

function noteOf(
  { ending, gates, startedAt, paused, open }: Trace,
  { knows, finds, isLate }: { knows: boolean; finds: boolean; isLate: boolean },
): ProgressNote | undefined {
  if (ending) return 'ending'
  if (gates > 0 || startedAt === null) return 'queued'
  if (paused) return 'paused'
  const awaited = new Set([...open].map(({ hold }) => (hold?.kind === 'atMost' ? hold.comes : null)))
  if (awaited.has('approval')) return 'approval'
  if (awaited.has('event')) return 'event'
  if (!knows) return 'no_history'
  if (!finds) return 'new_ground'
  return isLate ? 'longer_than_usual' : undefined
}
