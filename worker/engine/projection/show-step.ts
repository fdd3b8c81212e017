import type { AftermathEvent } from '../aftermath/aftermath.ts'
import type { ExecutionEvent, StepPath } from '../event.ts'
import { totalOf } from '../loop-range.ts'
import { showHandlerChild } from './show-aftermath.ts'
import { advance, begin, dropLast, end, fail, madeOf, outputOf } from './step-view.ts'
import { iso, type View } from './view.ts'

/** What happens to a step, or in one. */
type StepEvent = Exclude<Extract<ExecutionEvent, { path: StepPath }>, AftermathEvent>

/** Folds what happens to a step, or in one, into what people see. */
export function showStep(view: View, event: StepEvent): void {
  switch (event.type) {
    case 'attemptStarted': {
      const step = begin(view, event)
      step.status = 'running'
      step.attempt = madeOf(view, event)
      step.generation = view.generation
      if (event.input !== undefined) step.input = event.input
      return
    }
    case 'resultSought': {
      const step = begin(view, event)
      step.status = 'waiting'
      step.input = event.input
      return
    }
    case 'resultMissed':
    case 'leaseRenewed':
      return
    case 'attemptFailed':
      fail(view, event, event.failure)
      return
    case 'attemptLost':
      fail(view, event, {
        kind: 'unknown',
        code: 'attempt.lost',
        message: 'The process died in mid-call; what it called may have happened.',
      })
      return
    case 'retryScheduled': {
      const step = view.steps.get(event.path)
      if (step === undefined) return
      step.status = 'retrying'
      step.dueAt = iso(event.dueAt)
      return
    }
    case 'attemptDeferred': {
      const step = view.steps.get(event.path)
      view.deferrals.set(event.path, (view.deferrals.get(event.path) ?? 0) + 1)
      if (step === undefined) return
      step.status = 'waiting'
      step.dueAt = iso(event.dueAt)
      step.deferred = event.reason
      return
    }
    case 'attemptReleased': {
      const step = view.steps.get(event.path)
      if (step !== undefined) step.dueAt = iso(event.at)
      return
    }
    case 'waitStarted': {
      const step = begin(view, event)
      step.status = 'waiting'
      step.dueAt = iso(event.dueAt)
      if (event.topic !== undefined) step.waitsFor = event.topic.match
      return
    }
    case 'childCalled': {
      const { child, timeoutMs } = event
      const step = begin(view, event)
      step.status = 'waiting'
      step.input = child.input
      step.child = { workflowId: child.workflowId }
      if (timeoutMs !== undefined) step.dueAt = iso(event.at + timeoutMs)
      showHandlerChild(view, step)
      return
    }
    case 'childStarted':
    case 'childEnded': {
      const step = view.steps.get(event.path)
      if (step?.child !== undefined && event.executionId !== null) step.child.executionId = event.executionId
      showHandlerChild(view, step)
      return
    }
    case 'waitChecked':
    case 'approvalNudged':
    case 'approvalVoted':
      return
    case 'branchesStarted': {
      const step = begin(view, event)
      step.progress = { done: 0, total: event.branches.length }
      view.owners.add(event.path)
      for (const { next } of event.branches) view.ready += next.length
      return
    }
    case 'branchEnded':
      advance(view, event.path)
      return
    case 'loopStarted': {
      const step = begin(view, event)
      const total = totalOf(event.range)
      step.progress = { done: 0, ...(total !== null && { total }) }
      view.owners.add(event.path)
      view.results.set(event.path, {})
      return
    }
    case 'iterationStarted':
      view.ready += event.next.length
      return
    case 'iterationSkipped':
      advance(view, event.path)
      return
    case 'iterationEnded': {
      advance(view, event.path)
      const results = view.results.get(event.path)
      const { output = view.steps.get(event.of ?? '')?.output ?? null } = event
      if (results !== undefined && event.keep !== false && event.failure === undefined) results[event.index] = output
      return
    }
    case 'branchArrived':
      // One step, however many branches it joins.
      if (event.into === event.path) begin(view, event).status = 'waiting'
      else view.ready -= 1
      return
    case 'stepCompleted': {
      const step = end(view, event, event.skipped === true ? 'skipped' : 'completed')
      view.lastOutput = outputOf(view, event)
      step.output = view.lastOutput
      step.port = event.port
      if (event.because !== undefined) step.because = event.because
      if (event.cachedAt !== undefined) step.cachedAt = iso(event.cachedAt)
      if (event.kept === true) step.inherited = true
      if (event.response !== undefined) view.response ??= event.response
      view.ready += event.next.length
      return
    }
    case 'stepFailed': {
      const step = end(view, event, 'failed')
      step.failure = event.failure
      step.handled = event.handled !== 'stop'
      dropLast(step, event.failure)
      if (event.output !== undefined) step.output = event.output
      view.ready += event.next.length
      return
    }
    case 'stepCancelled': {
      const step = end(view, event, 'cancelled')
      step.failure = event.failure
      return
    }
    case 'retryRequested': {
      const step = view.steps.get(event.path)
      if (step === undefined) return
      step.status = 'retrying'
      step.dueAt = iso(event.at)
      delete step.deferred
      return
    }
    default:
      // Not `unreachable`: journals of other releases must still be readable.
      event satisfies never
  }
}
