import { unreachable } from '../lib/unreachable.ts'
import { bornAt, maxAgeMs } from './decide.ts'
import { cancelsOf, orderOf } from './children.ts'
import { isPaused } from './control/control.ts'
import {
  attemptKey,
  type ChildOrder,
  type Invocation,
  type Listening,
  type Outstanding,
  type Recall,
} from './effect.ts'
import { gateOf } from './gates.ts'
import type { Plan } from './plan.ts'
import { isEmpty, type ExecutionState } from './state.ts'
import { nextNudge } from './steps/approval.ts'
import { canBegin } from './steps/begin.ts'
import { deadlineOf } from './steps/call.ts'
import { isDue } from './steps/loop.ts'
import { recallMs } from './steps/recall.ts'
import { maxInFlight } from './turn.ts'

/**
 * What the state still calls for: the calls in flight, the children to look after, the events to be brought, and when to
 * look again. Depends on the state alone, so a shell that forgot everything asks and goes on.
 */
export function outstanding({ plan, state }: { plan: Plan; state: ExecutionState }): Outstanding {
  const invocations: Invocation[] = []
  const listening: Listening[] = []
  const recalls: Recall[] = []
  let children = isEmpty(state.abandoned) ? noOrders : cancelsOf(state)
  if (state.finished !== null || state.startedAt === null) return { invocations, children, wakeAt: null }

  const gate = gateOf(state)
  if (gate !== undefined) return { invocations, children, wakeAt: null, gate }

  let wakeAt = Math.min(bornAt(state) + maxAgeMs, state.aftermath?.until ?? Infinity)
  for (const path in state.open) {
    const step = state.open[path]!
    const node = plan.nodes.get(step.node)
    if (node === undefined) return { invocations: [], children, wakeAt: state.at }
    switch (step.status) {
      case 'running': {
        const { attempt, input } = step
        const { generation } = state
        const key = attemptKey(path, attempt)
        invocations.push({ key, path, node: node.id, attempt, generation, input, timeoutMs: node.timeoutMs })
        wakeAt = Math.min(wakeAt, deadlineOf(step, node), step.leaseUntil)
        break
      }
      case 'retrying':
        // With every place taken a retry is looked at when a call comes back, not when it is due.
        if (state.inFlight < maxInFlight) wakeAt = Math.min(wakeAt, step.dueAt)
        break
      case 'waiting':
        wakeAt = Math.min(wakeAt, step.dueAt, step.check?.at ?? Infinity)
        if (step.asking !== undefined) wakeAt = Math.min(wakeAt, nextNudge(step.asking)?.at ?? Infinity)
        if (step.topic !== undefined) listening.push({ path, topic: step.topic, dueAt: step.dueAt })
        break
      case 'recalling': {
        const { key, since, missed } = step
        if (!missed) recalls.push({ path, node: step.node, key })
        // With every place taken it is looked at when a call comes back.
        if (state.inFlight < maxInFlight) wakeAt = Math.min(wakeAt, missed ? state.at : since + recallMs)
        break
      }
      case 'delegating':
        children = [...children, orderOf(state, path, step)]
        if (step.dueAt !== null) wakeAt = Math.min(wakeAt, step.dueAt)
        break
      case 'merging':
        // Looked at whenever something else has moved.
        break
      case 'branching':
        if (step.dueAt !== null) wakeAt = Math.min(wakeAt, step.dueAt)
        break
      case 'looping':
        if (isDue(plan, step, node)) wakeAt = state.at
        break
      case 'faulted':
      case 'ambiguous':
        wakeAt = state.at
        break
      default:
        return unreachable(step)
    }
  }
  if (state.activeSince !== null) wakeAt = Math.min(wakeAt, state.activeSince + plan.activeTimeoutMs - state.activeMs)
  if (state.awaitsContact) wakeAt = state.at
  if (state.ready.some((token) => canBegin({ plan, state }, token))) wakeAt = state.at
  const wanted: Outstanding = { invocations, children, wakeAt: isPaused(state) ? null : wakeAt }
  if (listening.length > 0) wanted.listening = listening
  if (recalls.length > 0) wanted.recalls = recalls
  return wanted
}

const noOrders: readonly ChildOrder[] = []
