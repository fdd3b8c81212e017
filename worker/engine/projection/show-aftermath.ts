import type { Step } from '../../contract/execution.ts'
import { handlerNode, type AftermathEvent } from '../aftermath/aftermath.ts'
import { iso, type View } from './view.ts'

/** What is undone, and what the error handler does. Its steps are shown like any other, and say what they are part of. */
export function showAftermath(view: View, event: AftermathEvent): void {
  if (event.type === 'aftermathStarted') {
    const { status } = event
    if (status !== 'failed' && status !== 'timed_out' && status !== 'cancelled') return
    view.aftermath = { status, rollback: [] }
    view.lastOutput = event.output ?? view.lastOutput
    if (status === 'cancelled') view.paused = false
    view.ready = 0
    return
  }
  if (view.aftermath === null) return
  const { rollback, handler } = view.aftermath
  switch (event.type) {
    case 'undoStarted':
      view.part = { undoes: event.path }
      view.ready = event.next.length
      rollback.push({ path: event.path, nodeId: event.node, status: 'running' })
      return
    case 'undoEnded': {
      const { path, node, failure } = event
      view.part = {}
      const last = rollback.at(-1)
      if (last?.status === 'running') rollback.pop()
      rollback.push({
        path,
        nodeId: node,
        ...(failure === undefined ? { status: 'undone' } : { status: 'failed', failure }),
      })
      const step = view.steps.get(path)
      if (step !== undefined && failure === undefined) step.undone = true
      return
    }
    case 'handlerStarted':
      view.part = { inHandler: true }
      view.ready = event.next.length
      view.aftermath.handler = { nodeId: event.node, status: 'running', startedAt: iso(event.at) }
      return
    case 'handlerEnded':
      view.part = {}
      if (handler === undefined) return
      handler.finishedAt = iso(event.at)
      handler.status = event.failure === undefined ? 'completed' : 'failed'
      if (event.failure === undefined) handler.output = view.lastOutput
      else handler.failure = event.failure
      return
    default:
      // Not `unreachable`: journals of other releases must still be readable.
      event satisfies never
  }
}

/** Where the handler is another workflow, which one. */
export function showHandlerChild({ aftermath }: View, step: Step | undefined): void {
  if (aftermath?.handler === undefined || step?.nodeId !== handlerNode || step.child === undefined) return
  aftermath.handler.child = { ...step.child }
}
