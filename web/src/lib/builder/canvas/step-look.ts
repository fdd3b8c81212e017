import type { StepStatus } from '#contract/execution.ts'
import { unreachable } from '../../../../../worker/lib/unreachable.ts'
import type { Tone } from '../../ui/tone.ts'

/** A status as people meet it: a colour, and the word that always goes with it. */
export interface StepLook {
  tone: Tone
  word: string
}

export function stepLook(status: StepStatus, handled: boolean): StepLook {
  switch (status) {
    case 'running':
      return { tone: 'running', word: 'Running' }
    case 'waiting':
      return { tone: 'waiting', word: 'Waiting' }
    case 'retrying':
      return { tone: 'waiting', word: 'Will be tried again' }
    case 'completed':
      return { tone: 'ok', word: 'Completed' }
    case 'failed':
      return handled ? { tone: 'waiting', word: 'Failed, and went on' } : { tone: 'failed', word: 'Failed' }
    case 'cancelled':
      return { tone: 'neutral', word: 'Cancelled' }
    case 'skipped':
      return { tone: 'neutral', word: 'Skipped' }
    default:
      return unreachable(status)
  }
}
