import type { DraftState } from '../draft/draft-state.ts'
import { unreachable } from '../../../../../worker/lib/unreachable.ts'
import type { Tone } from '#lib/ui/tone.ts'

/** How the state of saving is said. Never better than it is. */
export interface SaveWords {
  tone: Tone
  label: string
  /** Why, and what to do; undefined where the label says it all. */
  detail?: string
}

export function saveWords(state: DraftState, now: number): SaveWords {
  switch (state.status) {
    case 'saved':
      return state.at === undefined
        ? { tone: 'neutral', label: 'Saved' }
        : { tone: 'neutral', label: `Saved ${ago(now - state.at)}` }
    case 'unsaved':
      return { tone: 'neutral', label: 'Unsaved changes' }
    case 'saving':
      return { tone: 'running', label: 'Saving…' }
    case 'retrying': {
      const seconds = Math.max(0, Math.ceil((state.dueAt - now) / 1_000))
      return {
        tone: 'waiting',
        label: 'Not saved: no connection',
        detail: `Your changes are kept on this device. Next try ${seconds === 0 ? 'now' : `in ${seconds} s`}.`,
      }
    }
    case 'refused':
      return { tone: 'failed', label: 'Not saved', detail: state.reason }
    case 'conflict':
      return {
        tone: 'failed',
        label: 'Not saved: changed elsewhere',
        detail: 'Somebody else saved this workflow. Choose which of the two to keep.',
      }
    default:
      return unreachable(state)
  }
}

function ago(ms: number): string {
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 5) return 'just now'
  if (seconds < 60) return `${seconds - (seconds % 5)} s ago`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ago` : 'over an hour ago'
}
