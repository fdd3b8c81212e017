import type { Step } from '../../contract/execution.ts'
import type { ExecutionEdits } from '../../contract/fork.ts'
import type { Json } from '../../contract/json.ts'
import type { ExecutionEvent, StepPath } from '../event.ts'
import { editedNames } from '../fork/edits.ts'
import { iso, type View } from './view.ts'

/** It goes on after its end, as another generation. */
export function showRedrive(view: View, event: ExecutionEvent & { type: 'redriven' }): void {
  view.generation = event.generation
  view.finished = null
  view.aftermath = null
  view.ready = event.next.length
  view.gates = event.gates ?? []
  for (const path of event.reopened ?? []) reopen(view, path)
  edit(view, event.edits)
}

/** What has ended is the origin's; what was under way is called for again, and for the rest it is as with a redrive. */
export function showFork(view: View, event: ExecutionEvent & { type: 'forked' }): void {
  const { at, by, from, generation, next, reopened = [], pretend = false, edits } = event
  view.origin = {
    ...from,
    effects: pretend ? 'pretend' : 'real',
    by,
    at: iso(at),
    edited: edits === undefined ? [] : editedNames(edits),
  }
  view.parent = null
  view.aftermath = null
  view.generation = generation
  view.gates = event.gates ?? []
  view.startedAt = at
  view.finished = null
  view.paused = false
  view.ready += next.length
  for (const step of view.steps.values()) if (step.finishedAt !== undefined) step.inherited = true
  for (const path of next) {
    const step = view.steps.get(path)
    if (step === undefined) continue
    if (step.finishedAt === undefined) view.steps.delete(path)
    else delete step.inherited
  }
  for (const path of reopened) reopen(view, path)
  edit(view, edits)
}

/** What steps gave is shown as those read it that came later. */
function edit(view: View, edits: ExecutionEdits | undefined): void {
  if (edits === undefined) return
  const { trigger, outputs = {} } = edits
  if (trigger !== undefined && view.trigger !== null) {
    view.trigger = { ...view.trigger, data: trigger }
    editOutput(view.steps.get(view.trigger.nodeId), trigger)
  }
  for (const path in outputs) editOutput(view.steps.get(path), outputs[path]!)
}

function editOutput(step: Step | undefined, output: Json): void {
  if (step === undefined || step.finishedAt === undefined) return
  step.output = output
  step.edited = true
}

/** A redrive takes a step up as it stood. */
function reopen(view: View, path: StepPath): void {
  const step = view.steps.get(path)
  if (step === undefined) return
  delete step.finishedAt
  delete step.failure
  delete step.handled
  delete step.inherited
  step.status = view.owners.has(path) ? 'running' : 'waiting'
}
