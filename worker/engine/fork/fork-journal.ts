// fork-journal
//
// A fork is another journal with the same beginning: that of its origin up to a step, then `forked`, then its own.
//
//   start ✓ · score ✓ · ║ send ✓ · done ✓          origin
//   start ✓ · score ✓ · ║ forked · send … · done    from `send`: what lies before is kept and not done again
//
//   F1. What was under way beside the step and was done by the origin later is taken over: it has happened. Whatever else
//       was under way begins again, under keys of the fork.
//   F2. Pretended, nothing is interrupted: the execution goes on from the same state, at the instant at which it was in
//       it, and its host says what the world gives.
//   F3. What the origin owed to others (its parent, children it gave up) is not the fork's to give.
//   F4. What has been undone is not kept: a fork that would begin with it is refused, and so is one of what is done after
//       an execution came to its end.
//   F5. What was only pretended has not happened: such an execution can be forked only to pretend again.

import type { Chain } from '../../contract/cause.ts'
import type { ExecutionEdits } from '../../contract/fork.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { ExecutionEvent, GateRef, JournalEntry, StepPath } from '../event.ts'
import { fold } from '../fold.ts'
import { isOwner } from '../holding.ts'
import { misfitsOf, type Misfit } from '../migrate/misfits.ts'
import { nodeOf } from '../path.ts'
import type { Plan } from '../plan.ts'
import type { ExecutionState } from '../state.ts'
import { completeStep } from '../steps/close.ts'
import { record, type Turn, nothingInFlight } from '../turn.ts'
import { cutBefore } from './cut.ts'
import { editProblems, type EditProblem } from './edits.ts'
import { recordedIn, type Recorded } from './recorded.ts'

export interface ForkWish {
  executionId: string
  path: StepPath
  by: string
  pretend: boolean
  edits?: ExecutionEdits | undefined
  /** The chain in which the fork is. */
  cause?: Chain | undefined
  /** That of the origin, as it was at its end, and the one the fork goes on with. */
  originPlan: Plan
  plan: Plan
  identity: Turn['identity']
  /** What it has to pass beside the gate whose place the origin had, before it goes on. */
  gates?: readonly GateRef[]
}

export type Fork =
  | {
      kind: 'forked'
      entries: JournalEntry[]
      state: ExecutionState
      /** What the origin did from there on. */
      recorded: Recorded
    }
  | { kind: 'pretended' }
  | { kind: 'noSuchStep' }
  | { kind: 'afterwards' }
  /** Steps before, whose effects the origin undid. */
  | { kind: 'undone'; paths: StepPath[] }
  | { kind: 'misfit'; misfits: Misfit[] }
  | { kind: 'invalid'; problems: EditProblem[] }

/** `now` is epoch ms; a pretended fork begins at the instant of its step instead. */
export function forkJournal(journal: readonly JournalEntry[], wish: ForkWish, now: number): Fork {
  const { path, pretend, edits, plan, originPlan, identity } = wish
  const cut = cutBefore(journal, path)
  if (cut === null) return { kind: 'noSuchStep' }
  const state = fold(cut.before)
  if (state.origin?.pretend === true && !pretend) return { kind: 'pretended' }
  if (state.aftermath !== null) return { kind: 'afterwards' }
  const undone = undoneIn(cut.after)
  const paths = pretend ? [] : state.undoable.flatMap((done) => (undone.has(done.path) ? [done.path] : []))
  if (paths.length > 0) return { kind: 'undone', paths }
  const recorded = recordedIn(state, cut.after, cut.at)
  const under = pretend ? [] : Object.keys(state.open).filter((open) => !isOwner(state.open[open]!))

  const at = Math.max(pretend ? cut.at : now, state.at)
  // What is decided here is decided by what was seen of the contact then.
  const seen = { contact: undefined, hasSeen: true }
  const began = { isInFlight: nothingInFlight, events: [], scope: null, scopeRegion: null, begun: 0, size: 0 }
  const turn: Turn = { plan, state, identity, at, ...began, ...seen }
  const chance = state.chance ?? drawnHere(cut.after) ?? wish.executionId
  record(turn, forkedEvent(state, { ...wish, chance }, at, under))

  const misfits = plan === originPlan ? [] : misfitsOf(state, originPlan, plan)
  if (misfits.length > 0) return { kind: 'misfit', misfits }
  const beginning = new Set([...state.ready.map((token) => token.path), path])
  const problems = edits === undefined ? [] : editProblems(turn, edits, beginning)
  if (problems.length > 0) return { kind: 'invalid', problems }

  for (const done of under) {
    const end = recorded.ends.get(done)
    const node = plan.nodes.get(nodeOf(done))
    if (end !== undefined && node !== undefined && !undone.has(done))
      completeStep(turn, node, done, { ...end.outcome, kept: true })
  }
  state.seq += 1
  state.at = at
  const entries = [...cut.before, { seq: state.seq, at, events: turn.events }]
  return { kind: 'forked', entries, state, recorded }
}

/** Of an origin that is itself a fork: whose steps lie before the moment at which it was forked. */
function drawnHere(events: readonly ExecutionEvent[]): string | undefined {
  const forked = events.find((event) => event.type === 'forked')
  return forked?.type === 'forked' ? forked.from.executionId : undefined
}

/** Steps that were undone. */
function undoneIn(events: readonly ExecutionEvent[]): Set<StepPath> {
  const undone = events.flatMap((event) =>
    event.type === 'undoEnded' && event.failure === undefined ? [event.path] : [],
  )
  return new Set(undone)
}

function forkedEvent(
  state: ExecutionState,
  wish: ForkWish & { chance: string },
  at: number,
  under: readonly StepPath[],
): ExecutionEvent {
  const { executionId, path, by, pretend, edits, plan, originPlan, cause, chance, gates: more = [] } = wish
  const next = [...under]
  const reopened: StepPath[] = []
  for (const left in state.unfinished) {
    if ('status' in state.unfinished[left]!) reopened.push(left)
    else next.push(left)
  }
  const gates = state.place === null ? more : [state.place, ...more]
  const missing = Object.keys(plan.variables).filter((name) => !(name in state.vars))
  return {
    type: 'forked',
    at,
    by,
    from: { executionId, path },
    generation: state.generation + 1,
    next,
    ...(reopened.length > 0 && { reopened }),
    ...(pretend && { pretend }),
    // As it was drawn before, it is drawn after: what is the same goes the same way.
    chance,
    ...(!pretend && gates.length > 0 && { gates }),
    ...(edits !== undefined && { edits }),
    ...(cause !== undefined && { cause }),
    ...(plan !== originPlan && { version: plan.workflow.version }),
    ...(missing.length > 0 && { vars: Object.fromEntries(missing.map((name) => [name, plan.variables[name]!])) }),
  }
}

/** Why not, in a sentence. */
export function whyNotForked(fork: Exclude<Fork, { kind: 'forked' }>): string {
  switch (fork.kind) {
    case 'pretended':
      return 'What was only pretended has not happened: such an execution can be forked only to pretend again.'
    case 'noSuchStep':
      return 'The execution never came to this step.'
    case 'afterwards':
      return 'What is done after an execution came to its end cannot be run again by itself.'
    case 'undone':
      return `What lies before was undone: ${fork.paths.join(', ')}. Run it again from there, or pretend.`
    case 'misfit':
      return fork.misfits.map(({ message }) => message).join(' ')
    case 'invalid':
      return fork.problems.map((problem) => `${problem.path} ${problem.message}.`).join(' ')
    default:
      return unreachable(fork)
  }
}
