// A step ends because somebody says so, and its token goes on: at the step's first way out, or at another node.

import type { Json } from '../../contract/json.ts'
import { isUnsure } from '../aftermath/unsure.ts'
import type { StepPath } from '../event.ts'
import { nodeOf, pathOf, spotBeside } from '../path.ts'
import { visitsAt } from '../places.ts'
import type { OpenStep } from '../state.ts'
import { cutOff } from '../steps/contain.ts'
import { inputOf, nextSteps, record, type Turn } from '../turn.ts'

/** Passes through a step that is open or about to begin. Its calls are given up, and what goes on in it is cut off. */
export function skipStep(turn: Turn, path: StepPath, by: string): void {
  leaveStep(turn, path, { skippedBy: by })
}

/** The same, but its token goes on at the node `to`, as a visit of its own. */
export function jump(turn: Turn, path: StepPath, to: string, by: string): void {
  const spot = spotBeside(path, to)
  const visit = (visitsAt(turn.state, spot)[spot] ?? 0) + 1
  leaveStep(turn, path, { jumpedTo: to, by }, [pathOf(spot, visit)])
}

function leaveStep(turn: Turn, path: StepPath, because: Json, next?: StepPath[]): void {
  const { state, plan, at } = turn
  const step = state.open[path]
  const place = step ?? state.ready.find((token) => token.path === path)
  const node = plan.nodes.get(nodeOf(path))
  if (place === undefined || node === undefined) return
  const output = inputOf(turn, place)
  if (step !== undefined) cutOffInside(turn, step)
  record(turn, {
    type: 'stepCompleted',
    at,
    path,
    node: node.id,
    output,
    port: node.firstPort,
    next: next ?? nextSteps(turn, path, node, node.firstPort),
    because,
    skipped: true,
    ...(isUnsure(turn, path) && { undo: true as const }),
  })
}

function cutOffInside(turn: Turn, step: OpenStep): void {
  if (step.status !== 'branching' && step.status !== 'looping') return
  for (const region of Object.values<number>(step.live)) cutOff(turn, region)
}
