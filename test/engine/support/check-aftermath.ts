// check-aftermath: what must be done after a random program failed, worked out from what it did before, by the shortest
// means there are

import { deepEqual, equal } from 'node:assert'
import type { Json } from '../../../worker/contract/json.ts'
import type { ExecutionEvent, JournalEntry } from '../../../worker/engine/event.ts'
import { project } from '../../../worker/engine/projection.ts'
import { mayHaveHappened } from './failures.ts'
import { failuresOf, tells, undoes } from './meaning.ts'
import { canBeUndone, oops, type Program } from './program.ts'

interface Undoing {
  path: string
  node: string
  input: Json
}

/** How often a call is made again that undoes, or tells. */
const maxRetries = 1

/** Holds a run against what follows from its own steps; says how many of them were undone. */
export function checkAftermath(program: Program, entries: readonly JournalEntry[]): number {
  const { status: final, aftermath, steps } = project(entries)
  const events = entries.flatMap(({ events: all }) => all)
  const end = events.find((event) => event.type === 'aftermathStarted')
  const status = end?.status ?? final
  const outputs = new Map(steps.map(({ path, output }) => [path, output ?? null]))
  const can = new Set(program.nodes.filter(canBeUndone).map(({ id }) => id))

  const isWanted = status === 'failed' || status === 'timed_out' || (status === 'cancelled' && program.cleansUp)
  const unsure = unsureEnds(program, events)
  const done = events.flatMap((event): Undoing[] => {
    const output = unsure.get(event)
    if (output !== undefined && 'path' in event && 'node' in event)
      return [{ path: event.path, node: event.node, input: undoes(event.node, output) }]
    if (event.type !== 'stepCompleted' || event.skipped === true || event.cachedAt !== undefined) return []
    const { path, node } = event
    return can.has(node) ? [{ path, node, input: undoes(node, outputs.get(path)!) }] : []
  })
  const wanted = isWanted ? done.reverse() : []
  const succeeds = (input: Json) => failuresOf(input) >= 0 && failuresOf(input) <= maxRetries
  // Of a cancelled one, what has not ended in its time has failed, and what has not begun by then is not begun.
  const until = end?.until ?? Infinity
  const inTime = events.filter(({ type, at }) => type === 'undoEnded' && at < until).length
  const rollback = wanted.map(
    ({ path, input }, index) => `${path} ${succeeds(input) && index < inTime ? 'undone' : 'failed'}`,
  )
  deepEqual(
    (aftermath?.rollback ?? []).map((each) => `${each.path} ${each.status}`),
    rollback,
  )
  // Each was asked for by a call of its own, with what that visit gave.
  const calls = events.flatMap((event) =>
    event.type === 'attemptStarted' && event.input !== undefined ? [{ node: event.node, input: event.input }] : [],
  )
  const undoing = calls.filter(({ node }) => node.endsWith('u'))
  deepEqual(
    undoing.map(({ input }) => input),
    wanted.slice(0, inTime + 1).map(({ input }) => input),
  )

  const isTold = program.handled && (status === 'failed' || status === 'timed_out')
  equal(events.filter(({ type }) => type === 'handlerStarted').length, Number(isTold))
  if (isTold) {
    const told = calls.find(({ node }) => node === oops.call)?.input ?? null
    const undone = rollback.filter((each) => each.endsWith('undone')).length
    deepEqual(told, tells(outputs.get(oops.entry)!))
    deepEqual(told, { by: oops.call, status, hasStep: status === 'failed', undone })
    equal(aftermath?.handler?.status, succeeds(told) ? 'completed' : 'failed')
  }
  const isStuck = status === 'cancelled' && rollback.some((each) => each.endsWith('failed'))
  equal(final, isStuck ? 'failed' : status)
  return wanted.length
}

/** Where a call that may have happened failed or was cut off, with what undoing it reads. */
function unsureEnds(program: Program, events: readonly ExecutionEvent[]): Map<ExecutionEvent, Json> {
  const { nodes } = program
  const wanted = new Set(
    nodes.filter((node) => canBeUndone(node) && node.kind === 'call' && node.undoesUnknown).map(({ id }) => id),
  )
  const ends = new Map<ExecutionEvent, Json>()
  const attempts = new Map<string, number>()
  const inFlight = new Set<string>()
  const cutOff = new Set<string>()
  for (const event of events) {
    if (event.type === 'aftermathStarted') break
    if (!('path' in event)) continue
    const { path } = event
    const wasInFlight = inFlight.delete(path)
    switch (event.type) {
      case 'attemptStarted':
        attempts.set(path, event.attempt)
        inFlight.add(path)
        break
      case 'attemptLost':
        cutOff.add(path)
        break
      case 'attemptFailed':
        if (mayHaveHappened(event.failure)) cutOff.add(path)
        break
      case 'retryRequested':
        if (wasInFlight) cutOff.add(path)
        break
      case 'stepFailed':
      case 'stepCancelled': {
        if (!wanted.has(event.node) || !(wasInFlight || cutOff.has(path))) break
        const { code, message, kind } = event.failure
        ends.set(event, { error: { code, message, kind, attempt: attempts.get(path) ?? 0 } })
        break
      }
      default:
    }
  }
  return ends
}
