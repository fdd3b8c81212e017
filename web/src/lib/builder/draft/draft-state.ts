// draft-state
//
// How the draft on the screen stands to the one on the server. Pure: the shell (`draft.svelte.ts`) tells what happened
// and does what `reduce` then calls for.
//
//   D1. `saved` is only ever said when the server has answered for exactly what is on the screen.
//   D2. At most one save is under way. It starts by entering `saving`, and nothing else starts one.
//   D3. No state loses edits: whatever is not `saved` leads to a save, or waits for a person (`conflict`, `refused`).
//   D4. `revision` is the server's that the next save is based on.

import { unreachable } from '../../../../../worker/lib/unreachable.ts'

/** How long after the last edit a save begins, and how long after the first one at the latest. */
export const saveAfterMs = 1_000
export const saveAtLatestMs = 5_000
const retryDelaysMs = [1_000, 2_000, 5_000, 10_000, 30_000] as const

export type DraftState =
  | { status: 'saved'; revision: number; at: number | undefined }
  | { status: 'unsaved'; revision: number; since: number; dueAt: number }
  | { status: 'saving'; revision: number; editedAt: number | undefined }
  /** No answer came. Tries go on by themselves. */
  | { status: 'retrying'; revision: number; attempt: number; dueAt: number }
  /** The server will not have it as it is; saving is tried again after the next edit. */
  | { status: 'refused'; revision: number; reason: string }
  /** Somebody else saved in the meantime: a person chooses. */
  | { status: 'conflict'; revision: number }

export type DraftEvent =
  /** The screen changed. `isSaved` when it changed back to what the server has. */
  | { type: 'edited'; isSaved: boolean }
  /** Time passed, or the network came back: look whether something is due. */
  | { type: 'looked' }
  | { type: 'askedToSave' }
  | { type: 'reconnected' }
  | { type: 'saveSucceeded'; revision: number }
  | { type: 'saveUnanswered'; attempt: number }
  | { type: 'saveRefused'; reason: string }
  | { type: 'saveConflicted' }
  /** The person chose between the two: `revision` is the other's, on which mine now builds or which the screen shows. */
  | { type: 'keptMine'; revision: number }
  | { type: 'tookTheirs'; revision: number }
  /** The server has a newer revision of the same content: what changed is beside it, such as who sees the workflow. */
  | { type: 'changedBeside'; revision: number }

export function savedDraft(revision: number, at?: number): DraftState {
  return { status: 'saved', revision, at }
}

export function reduce(state: DraftState, event: DraftEvent, now: number): DraftState {
  const { revision } = state
  switch (event.type) {
    case 'edited':
      return afterEdit(state, event.isSaved, now)
    case 'looked':
      return 'dueAt' in state && state.dueAt <= now ? { status: 'saving', revision, editedAt: undefined } : state
    case 'askedToSave':
      return canSaveNow(state) ? { status: 'saving', revision, editedAt: undefined } : state
    case 'reconnected':
      return state.status === 'retrying' ? { ...state, dueAt: now } : state
    case 'saveSucceeded':
      if (state.status !== 'saving') return state
      return state.editedAt === undefined
        ? { status: 'saved', revision: event.revision, at: now }
        : unsaved(event.revision, state.editedAt, now)
    case 'saveUnanswered': {
      if (state.status !== 'saving') return state
      const delayMs = retryDelaysMs[Math.min(event.attempt, retryDelaysMs.length) - 1] ?? retryDelaysMs[0]
      return { status: 'retrying', revision, attempt: event.attempt, dueAt: now + delayMs }
    }
    case 'saveRefused':
      if (state.status !== 'saving') return state
      return state.editedAt === undefined
        ? { status: 'refused', revision, reason: event.reason }
        : unsaved(revision, state.editedAt, now)
    case 'saveConflicted':
      return { status: 'conflict', revision }
    case 'keptMine':
      return { status: 'unsaved', revision: event.revision, since: now, dueAt: now }
    case 'tookTheirs':
      return { status: 'saved', revision: event.revision, at: now }
    case 'changedBeside':
      return { ...state, revision: event.revision }
    default:
      return unreachable(event)
  }
}

function afterEdit(state: DraftState, isSaved: boolean, now: number): DraftState {
  const { revision } = state
  switch (state.status) {
    case 'saved':
    case 'refused':
      return isSaved
        ? savedDraft(revision, state.status === 'saved' ? state.at : undefined)
        : unsaved(revision, now, now)
    case 'unsaved':
      return isSaved ? savedDraft(revision) : unsaved(revision, state.since, now)
    case 'saving':
      return { ...state, editedAt: state.editedAt ?? now }
    case 'retrying':
    case 'conflict':
      return state
    default:
      return unreachable(state)
  }
}

function unsaved(revision: number, since: number, now: number): DraftState {
  return { status: 'unsaved', revision, since, dueAt: Math.min(now + saveAfterMs, since + saveAtLatestMs) }
}

function canSaveNow({ status }: DraftState): boolean {
  return status === 'unsaved' || status === 'retrying' || status === 'refused'
}

/** Whether leaving the page now would leave edits behind that the server has not got. */
export function isAtRisk({ status }: DraftState): boolean {
  return status !== 'saved'
}
