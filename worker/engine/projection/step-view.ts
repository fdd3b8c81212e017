import type { Step } from '../../contract/execution.ts'
import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import { withResults } from '../loop-results.ts'
import type { ExecutionEvent, StepPath } from '../event.ts'
import { nodeOf } from '../path.ts'
import { iso, type View } from './view.ts'

/** The step at a path, begun now unless it is open already. A redriven step begins again and keeps its failures. */
export function begin(view: View, { path, at }: { path: StepPath; at: number }): Step {
  const known = view.steps.get(path)
  if (known !== undefined && known.finishedAt === undefined) {
    delete known.dueAt
    delete known.waitsFor
    delete known.deferred
    return known
  }
  const step: Step = { path, nodeId: nodeOf(path), status: 'running', attempt: 1, startedAt: iso(at), ...view.part }
  const failures = known === undefined ? [] : failuresOf(known)
  if (failures.length > 0) step.failures = failures
  view.steps.delete(path)
  view.steps.set(path, step)
  view.ready -= 1
  return step
}

/** The number of an attempt among those that were made. */
export function madeOf({ deferrals }: View, { path, attempt }: { path: StepPath; attempt: number }): number {
  return attempt - (deferrals.get(path) ?? 0)
}

/** What it gave: what its iterations gave is in its output, the trigger’s data in one place only. */
export function outputOf(view: View, { path, output, collected }: ExecutionEvent & { type: 'stepCompleted' }): Json {
  if (output === undefined) return view.trigger?.data ?? null
  if (collected === undefined) return output
  return withResults(output, collected, Object.values(view.results.get(path) ?? {}))
}

/** One more of what goes on in a step has ended. */
export function advance({ steps }: View, path: StepPath): void {
  const step = steps.get(path)
  if (step?.progress !== undefined) step.progress = { ...step.progress, done: step.progress.done + 1 }
}

/** All that failed in a step which a redrive begins again, the last attempt included. */
function failuresOf({ failures = [], failure, attempt, status, finishedAt }: Step): NonNullable<Step['failures']> {
  const wasTried = failure !== undefined && (status === 'failed' || failure.kind === 'unknown')
  return wasTried ? [...failures, { attempt, at: finishedAt!, failure }] : failures
}

/** An attempt failed. */
export function fail(view: View, event: { path: StepPath; at: number; attempt: number }, failure: Failure): void {
  const step = view.steps.get(event.path)
  if (step === undefined) return
  step.failures = [...(step.failures ?? []), { attempt: madeOf(view, event), at: iso(event.at), failure }]
}

/** `failures` lists earlier attempts: the one that the step failed with is its `failure`. */
export function dropLast(step: Step, { code, message }: Failure): void {
  const last = step.failures?.at(-1)
  if (last?.attempt !== step.attempt || last.failure.code !== code || last.failure.message !== message) return
  const earlier = step.failures!.slice(0, -1)
  if (earlier.length > 0) step.failures = earlier
  else delete step.failures
}

/** The step at a path, ended now in this way. */
export function end(view: View, event: { path: StepPath; at: number }, status: Step['status']): Step {
  const step = begin(view, event)
  step.status = status
  step.finishedAt = iso(event.at)
  return step
}
