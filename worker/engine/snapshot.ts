// snapshot: a state as text, so that a process that has none need not fold the whole journal
//
//   N1. The journal stays the truth. A snapshot is what folding it up to some turn gave, and nothing depends on there being
//       one: a host that has none, or cannot read it, folds the journal.
//   N2. It names its format, and one of another format is no snapshot. So no release reads those of another, and a change of
//       the state's shape, or of what an event does to it, needs one thing more: `stateFormat` is counted up.
//   N3. Going on from a snapshot is going on: the same events, the same state, also for names that every object has.

import { emptyRecord, type ExecutionState, type OpenStep, type Token } from './state.ts'
import type { Undoable } from './aftermath/aftermath.ts'

/** Of the state that `fold` gives. `test/engine/snapshot.test.ts` notices that it gives another one in the same format. */
export const stateFormat = 1

/** A state as text. */
export function freeze(state: ExecutionState): string {
  return `${stateFormat}\n${JSON.stringify(state)}`
}

/** The state of a snapshot, which is the caller's; undefined when it is of another format. Throws where it is none. */
export function thaw(snapshot: string): ExecutionState | undefined {
  const head = `${stateFormat}\n`
  if (!snapshot.startsWith(head)) return undefined
  return withMaps(JSON.parse(snapshot.slice(head.length)) as ExecutionState)
}

/** Text knows no maps without prototype (S3 in `state.ts`). */
function withMaps(state: ExecutionState): ExecutionState {
  return {
    ...state,
    vars: toRecord(state.vars),
    organization: { vars: toRecord(state.organization.vars) },
    outputs: toRecord(state.outputs),
    latest: toRecord(state.latest),
    superseded: toRecord(state.superseded),
    frames: mapValues(state.frames, ({ paths, merged, ...frame }) => ({
      ...frame,
      paths: toRecord(paths),
      ...(merged !== undefined && { merged: toRecord(merged) }),
    })),
    places: mapValues(state.places, ({ visits }) => ({ visits: toRecord(visits) })),
    visits: toRecord(state.visits),
    open: toRecord(mapValues(state.open, stepWithMaps)),
    abandoned: toRecord(state.abandoned),
    undoable: state.undoable.map(undoableWithMaps),
    aftermath: state.aftermath === null ? null : aftermathWithMaps(state.aftermath),
    unfinished: toRecord(mapValues(state.unfinished, stepWithMaps)),
  }
}

function stepWithMaps<Step extends OpenStep | Token>(step: Step): Step {
  return 'status' in step && step.status === 'branching' ? { ...step, live: toRecord(step.live) } : step
}

function aftermathWithMaps(aftermath: NonNullable<ExecutionState['aftermath']>): ExecutionState['aftermath'] {
  const { left, part } = aftermath
  return {
    ...aftermath,
    left: left.map(undoableWithMaps),
    part: part?.kind === 'undo' ? { kind: 'undo', of: undoableWithMaps(part.of) } : part,
  }
}

function undoableWithMaps(undoable: Undoable): Undoable {
  return { ...undoable, seen: toRecord(undoable.seen) }
}

function toRecord<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.assign(emptyRecord<Value>(), record)
}

function mapValues<Value>(record: Readonly<Record<string, Value>>, to: (value: Value) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]))
}
