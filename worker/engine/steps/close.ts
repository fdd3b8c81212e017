// How a step closes: with what came of it, or with a failure and the way its node handles failures.

import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { Outcome } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import { errorOutput, nodeMissing } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import type { Token } from '../state.ts'
import { nextSteps, record, scopeOf, type Turn } from '../turn.ts'
import { isHandledAbove } from './contain.ts'

/** The way out of a node whose failures are handled by `branch`. */
export const errorPort = 'error'

export function completeStep(turn: Turn, node: PlanNode, path: StepPath, outcome: Outcome): void {
  const { output, port, because, vars, response, end } = outcome
  record(turn, {
    type: 'stepCompleted',
    at: turn.at,
    path,
    node: node.id,
    ...recorded(turn, output),
    port,
    next: end === undefined ? nextSteps(turn, path, node, port) : [],
    ...(because !== undefined && { because }),
    ...(vars !== undefined && { vars }),
    ...(response !== undefined && { response }),
    ...(end !== undefined && { end }),
  })
}

/** Passes a node through: what came in goes out at its first port. `because` says why, unless it is disabled. */
export function skipStep(turn: Turn, node: PlanNode, { path, frame, from }: Token, because?: Json): void {
  const { id, firstPort: port } = node
  const input = from === null ? null : (scopeOf(turn, frame).steps[from] ?? null)
  record(turn, {
    type: 'stepCompleted',
    at: turn.at,
    path,
    node: id,
    ...recorded(turn, input),
    port,
    next: nextSteps(turn, path, node, port),
    ...(because !== undefined && { because }),
    skipped: true,
  })
}

/** What goes on as it came in from the trigger is not written down again. */
function recorded({ state }: Turn, output: Json): { output?: Json } {
  return output === state.trigger?.data && typeof output === 'object' && output !== null ? {} : { output }
}

export function failStep(turn: Turn, node: PlanNode, path: StepPath, failure: Failure, attempt: number): void {
  const { id, onError, firstPort } = node
  const failed = { type: 'stepFailed', at: turn.at, path, node: id, failure } as const
  if (onError === 'stop') {
    const handled = isHandledAbove(turn, frameOf(turn, path)) ? 'above' : 'stop'
    record(turn, { ...failed, handled, next: [] })
  } else {
    const next = nextSteps(turn, path, node, onError === 'continue' ? firstPort : errorPort)
    record(turn, { ...failed, handled: onError, output: errorOutput(failure, attempt), next })
  }
}

function frameOf({ state }: Turn, path: StepPath): number {
  const step = state.open[path] ?? state.ready.find((token) => token.path === path)
  return step?.frame ?? 0
}

/** The version has no such node: its graph and its journal do not belong together. */
export function failMissing(turn: Turn, path: StepPath, node: string): void {
  record(turn, { type: 'stepFailed', at: turn.at, path, node, failure: nodeMissing(node), handled: 'stop', next: [] })
}
