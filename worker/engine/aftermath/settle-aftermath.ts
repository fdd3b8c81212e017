// How an execution is undone and its failure handled. Each part is played like an execution of its own: begun here, gone on
// with by `decide`, and ended here when nothing is left of it or something said so.

import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { FinalStatus } from '../event.ts'
import {
  cancelledBy,
  cancelledInFlight,
  cancelledWhileWaiting,
  endedAsFailed,
  nothingUndoes,
  rollbackFailed,
} from '../failure.ts'
import { nodeOf, pathOf } from '../path.ts'
import { isTooLarge } from '../size.ts'
import { isEmpty, type ExecutionState } from '../state.ts'
import { record, type Turn } from '../turn.ts'
import { cleanupMs, handlerNode, type Aftermath } from './aftermath.ts'

/** Begins what is to be done now that all has ended; false when there is nothing. */
export function beginAftermath(
  turn: Turn,
  status: FinalStatus,
  outcome: { output?: Json; failure?: Failure },
): boolean {
  const { plan, state, at } = turn
  if (state.startedAt === null || (status !== 'failed' && status !== 'timed_out' && status !== 'cancelled'))
    return false
  const isCancelled = status === 'cancelled'
  const undoes = state.undoable.length > 0 && (!isCancelled || plan.undoesCancelled)
  const handler = isCancelled || isHandler(state) ? null : plan.handler
  if (!undoes && handler === null) return false
  record(turn, {
    type: 'aftermathStarted',
    at,
    status,
    ...outcome,
    undoes,
    ...(handler !== null && { handler }),
    ...(isCancelled && { until: at + cleanupMs }),
  })
  goOn(turn)
  return true
}

/** Ends the part that goes on when nothing is left of it. Whether another one begins by that. */
export function settleAftermath(turn: Turn, aftermath: Aftermath): boolean {
  const came = cameOf(turn.state)
  if (came === null) return false
  endPart(turn, aftermath, came)
  goOn(turn)
  return turn.state.finished === null
}

/** Ends the part that goes on as failed: a budget is used up. */
export function giveUpPart(turn: Turn, aftermath: Aftermath, failure: Failure): void {
  endPart(turn, aftermath, { failure })
  goOn(turn)
}

/** Whether this execution is the error handler of another one: then nobody handles its failure. */
function isHandler({ parent }: ExecutionState): boolean {
  return parent !== null && nodeOf(parent.path) === handlerNode
}

/** What came of the part; null: it goes on. */
function cameOf({ cancelling, failure, ended, ready, open }: ExecutionState): { failure?: Failure } | null {
  if (cancelling !== null) return { failure: cancelledBy(cancelling.reason) }
  if (failure !== null) return { failure }
  if (ended !== null) return ended.status === 'completed' ? {} : { failure: endedAsFailed(ended.reason) }
  return ready.length === 0 && isEmpty(open) ? {} : null
}

function endPart(turn: Turn, { part }: Aftermath, { failure }: { failure?: Failure }): void {
  const { at, plan } = turn
  cutOff(turn)
  const why = failure === undefined ? {} : { failure }
  if (part?.kind === 'undo') record(turn, { type: 'undoEnded', at, path: part.of.path, node: part.of.node, ...why })
  else if (part !== null) record(turn, { type: 'handlerEnded', at, node: plan.handler ?? handlerNode, ...why })
}

/** The next part, or the end. Once it was cancelled, or is out of time, what is left is noted and not begun. */
function goOn(turn: Turn): void {
  const { state, plan, at } = turn
  const { aftermath } = state
  if (aftermath === null) return
  for (let next = aftermath.left.at(-1); next !== undefined; next = aftermath.left.at(-1)) {
    const { path, node } = next
    const targets = plan.nodes.get(node)?.undo ?? []
    const isOver = aftermath.until !== null && aftermath.until <= at
    const isGivenUp = state.cancelling !== null || isOver || isTooLarge(state)
    if (targets.length > 0 && !isGivenUp) {
      const steps = targets.map((target) => pathOf(target, (state.visits[target] ?? 0) + 1))
      return record(turn, { type: 'undoStarted', at, path, node, next: steps })
    }
    record(turn, { type: 'undoEnded', at, path, node, failure: nothingUndoes(isGivenUp) })
  }
  if (aftermath.handler !== null && state.cancelling === null && !isTooLarge(state)) {
    const node = aftermath.handler
    return record(turn, { type: 'handlerStarted', at, node, next: [pathOf(node, (state.visits[node] ?? 0) + 1)] })
  }
  record(turn, { type: 'finished', at, ...verdictOf(aftermath) })
}

function verdictOf({ verdict, stuck, undone }: Aftermath): Aftermath['verdict'] {
  if (verdict.status !== 'cancelled' || stuck.length === 0) return verdict
  return { ...verdict, status: 'failed', failure: rollbackFailed(stuck, undone + stuck.length) }
}

/** Whatever is left of the part: what lies inside another step began after it, so from the inside out. */
function cutOff(turn: Turn): void {
  const { state, at } = turn
  if (state.ready.length > 0) record(turn, { type: 'tokensDropped', at, paths: state.ready.map(({ path }) => path) })
  for (const path of Object.keys(state.open).reverse()) {
    const step = state.open[path]
    if (step === undefined) continue
    const failure = step.status === 'running' ? cancelledInFlight : cancelledWhileWaiting
    record(turn, { type: 'stepCancelled', at, path, node: step.node, failure, dropped: true })
  }
}
