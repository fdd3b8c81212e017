import type { ExecutionEvent } from '../event.ts'
import { showAftermath } from './show-aftermath.ts'
import { showFork, showRedrive } from './show-restart.ts'
import { showStep } from './show-step.ts'
import { iso, type View } from './view.ts'

/** Takes in what happened next. Events of unknown types are passed over. */
export function show(view: View, event: ExecutionEvent): void {
  switch (event.type) {
    case 'started':
      view.trigger = event.trigger
      view.parent = event.parent ?? null
      view.startedAt = event.at
      view.ready = 1
      view.gates = event.gates ?? []
      return
    case 'gatePassed':
      view.gates = view.gates.filter(({ gate }) => gate !== event.gate)
      if (view.generation === 1) view.startedAt = event.at
      return
    case 'contactRead':
    case 'contactAwaited':
    case 'childReleased':
      return
    case 'tokensDropped':
      view.ready -= event.paths.length
      return
    case 'paused':
      view.paused = true
      return
    case 'resumed':
      view.paused = false
      return
    case 'cancelRequested':
      return
    case 'redirected':
      view.ready = 1
      return
    case 'aftermathStarted':
    case 'undoStarted':
    case 'undoEnded':
    case 'handlerStarted':
    case 'handlerEnded':
      showAftermath(view, event)
      return
    case 'finished': {
      const { at, status, output = view.lastOutput, failure } = event
      view.paused = false
      view.finished = { at, status, output, ...(failure !== undefined && { failure }) }
      return
    }
    case 'redriven':
      showRedrive(view, event)
      return
    case 'forked':
      showFork(view, event)
      return
    case 'migrated': {
      const { at, by, from, to } = event
      view.migrations.push({ at: iso(at), by, fromNumber: from.number, toNumber: to.number })
      return
    }
    default:
      showStep(view, event)
  }
}
