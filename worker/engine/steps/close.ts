// How a step closes: with what came of it, or with a failure and the way its node handles failures.

import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { Outcome } from '../behaviour.ts'
import type { StepPath } from '../event.ts'
import { errorOutput, nodeMissing } from '../failure.ts'
import type { PlanNode } from '../plan.ts'
import { nextSteps, record, type Turn } from '../turn.ts'

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

/** A disabled node: what came in goes out at its first port. */
export function passThrough(turn: Turn, node: PlanNode, path: StepPath, input: Json): void {
  const { id, firstPort: port } = node
  const next = nextSteps(turn, path, node, port)
  const output = recorded(turn, input)
  record(turn, { type: 'stepCompleted', at: turn.at, path, node: id, ...output, port, next, skipped: true })
}

/** What goes on as it came in from the trigger is not written down again. */
function recorded({ state }: Turn, output: Json): { output?: Json } {
  return output === state.trigger?.data && typeof output === 'object' && output !== null ? {} : { output }
}

export function failStep(turn: Turn, node: PlanNode, path: StepPath, failure: Failure, attempt: number): void {
  const { id, onError: handled, firstPort } = node
  const failed = { type: 'stepFailed', at: turn.at, path, node: id, failure, handled } as const
  if (handled === 'stop') {
    record(turn, { ...failed, next: [] })
  } else {
    const next = nextSteps(turn, path, node, handled === 'continue' ? firstPort : errorPort)
    record(turn, { ...failed, output: errorOutput(failure, attempt), next })
  }
}

/** The version has no such node: its graph and its journal do not belong together. */
export function failMissing(turn: Turn, path: StepPath, node: string): void {
  record(turn, { type: 'stepFailed', at: turn.at, path, node, failure: nodeMissing(node), handled: 'stop', next: [] })
}
