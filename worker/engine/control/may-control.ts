// What can be done to an execution as it stands. Hosts ask before they take the wish, so that people hear why not.

import { unreachable } from '../../lib/unreachable.ts'
import type { StepPath } from '../event.ts'
import { gateOf } from '../gates.ts'
import { nodeOf } from '../path.ts'
import type { Plan } from '../plan.ts'
import { isCalling, type ExecutionState } from '../state.ts'
import { isEnding } from '../turn.ts'
import type { ControlInput } from './control.ts'
import { isBeside } from './is-beside.ts'

/** `queued`: nothing of it has begun; `already`: it is so; `gone`: no step is open or about to begin there; `idle`: it makes no call; `elsewhere`: no way there. */
export type Refusal = 'finished' | 'queued' | 'already' | 'gone' | 'idle' | 'elsewhere'

/** Why it cannot be done; null when it can. */
export function refusalOf({ plan, state }: { plan: Plan; state: ExecutionState }, input: ControlInput): Refusal | null {
  if (isEnding(state)) return 'finished'
  if (gateOf(state) !== undefined) return 'queued'
  switch (input.type) {
    case 'pause':
      return state.paused === null && state.startedAt !== null ? null : 'already'
    case 'resume':
      return state.paused === null ? 'already' : null
    case 'skipStep':
      return nodeAt({ plan, state }, input.path) === undefined ? 'gone' : null
    case 'retryStep': {
      const step = state.open[input.path]
      if (step === undefined) return 'gone'
      return isCalling(step) ? null : 'idle'
    }
    case 'jump': {
      const node = nodeAt({ plan, state }, input.path)
      if (node === undefined) return 'gone'
      const isThere = plan.nodes.has(input.to) && input.to !== state.trigger?.nodeId
      const isAside = plan.aside.has(node) !== plan.aside.has(input.to)
      return isThere && !isAside && isBeside(plan, node, input.to) ? null : 'elsewhere'
    }
    default:
      return unreachable(input)
  }
}

function nodeAt({ plan, state }: { plan: Plan; state: ExecutionState }, path: StepPath): string | undefined {
  const node = state.open[path]?.node ?? readyNode(state, path)
  return node !== undefined && plan.nodes.has(node) ? node : undefined
}

function readyNode({ ready }: ExecutionState, path: StepPath): string | undefined {
  return ready.some((token) => token.path === path) ? nodeOf(path) : undefined
}
