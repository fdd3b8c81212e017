// play-fork
//
// A fork whose effects are pretended, played to its end at once.
//
//   1. It is as it was then: its clock begins at the instant of the step it was forked from, and waits pass at once. So
//      what depends on time or chance goes as it went, unless what was edited says otherwise.
//   2. What the world gives: what the request says of the step; else what its origin was given there, after as long; else
//      the step's example. A failure is given again only where the same was asked: what was mended is not to fail.
//   3. Nothing goes out, and no other workflow is executed.

import type { PretendStep } from '../contract/workflow-test.ts'
import type { ChildOrder, Invocation } from '../engine/effect.ts'
import type { JournalEntry, StepPath } from '../engine/event.ts'
import type { Recorded } from '../engine/fork/recorded.ts'
import { nodeOf } from '../engine/path.ts'
import type { Plan } from '../engine/plan.ts'
import type { ExecutionState } from '../engine/state.ts'
import { canonicalJson } from '../lib/canonical-json.ts'
import { Playback } from './playback.ts'
import { pretendStep, type Actor } from './pretend.ts'

export interface PretendedFork {
  plan: Plan
  /** Where it begins; taken over. */
  state: ExecutionState
  /** As whom it is played: chance is drawn by this name. */
  executionId: string
  recorded: Recorded
  actors: ReadonlyMap<string, Actor>
  steps: Readonly<Record<string, PretendStep>>
}

const nothing: PretendStep = {}
const nobody: Actor = { example: null, firstPort: 'out' }

/** The turns it takes. Beyond a limit it is cancelled, and says why. */
export function playFork(fork: PretendedFork, limits: { turns: number; journalCharacters: number }): JournalEntry[] {
  const { plan, state, executionId } = fork
  const playback = new Playback(plan, { executionId, mode: 'test' }, state, state.contact)
  const entries: JournalEntry[] = []
  let characters = 0
  const keep = (entry: JournalEntry | null) => {
    if (entry === null) return
    entries.push(entry)
    characters += JSON.stringify(entry).length
  }
  const seen = new Set<string>()
  for (keep(playback.goOn(state.at)); !playback.isFinished; keep(playback.step())) {
    const isTooLong = playback.turns >= limits.turns || characters > limits.journalCharacters
    if (isTooLong) {
      keep(playback.cancel('system', 'A pretended fork may not take longer than this.'))
      break
    }
    for (const invocation of playback.unanswered()) answer(fork, playback, invocation)
    assumeEnds(fork, playback, seen)
    for (const order of playback.unansweredChildren()) answerChild(fork, playback, order)
    if (playback.nextAt() === null) {
      keep(playback.cancel('system', 'Nothing is left that it could wait for.'))
      break
    }
  }
  return entries
}

function answer({ recorded, actors, steps }: PretendedFork, playback: Playback, invocation: Invocation): void {
  const { path, node, attempt, input } = invocation
  const actor = actors.get(node) ?? nobody
  const told = Object.hasOwn(steps, node) ? steps[node]! : nothing
  const then = told === nothing ? recorded.attempts.get(`${path}/${attempt}`) : undefined
  if (then === undefined) return playback.answer(invocation, pretendStep(told, actor, attempt))
  const { afterMs, result, input: asked } = then
  const isSame = asked !== undefined && canonicalJson(asked) === canonicalJson(input)
  const made = pretendStep(told, actor, attempt)
  if (result === 'cut') return playback.answer(invocation, { ...made, afterMs: afterMs + 1 })
  if (result === 'lost') return isSame ? playback.lose(invocation, afterMs) : playback.answer(invocation, made)
  if (result.ok === null) return playback.hold(invocation, afterMs, result)
  playback.answer(invocation, result.ok || isSame ? { afterMs, result } : made)
}

/** People, events and other workflows: what came of those steps then. */
function assumeEnds({ recorded, steps }: PretendedFork, playback: Playback, seen: Set<string>): void {
  const { open } = playback.state
  for (const path in open) {
    const step = open[path]!
    const waits = step.status === 'delegating' || step.status === 'recalling'
    const isAsked = step.status === 'waiting' && (step.topic !== undefined || step.asking !== undefined)
    if ((!waits && !isAsked) || seen.has(path)) continue
    seen.add(path)
    const told = Object.hasOwn(steps, step.node) ? steps[step.node]! : undefined
    const then = recorded.ends.get(path)
    if (told !== undefined && (told.output !== undefined || told.port !== undefined) && isAsked) {
      const { output = null, port = 'out', durationMs = 0 } = told
      playback.assume(path, { output, port }, durationMs)
    } else if (told === undefined && then !== undefined && !isRecalledAnew(step.status, then.outcome)) {
      playback.assume(path, then.outcome, then.afterMs)
    } else if (step.status === 'recalling') {
      // Where nobody said so then, it waits for an answer as long as it may.
      const missed = recorded.misses.get(path)
      if (missed !== undefined) playback.miss(path, step.key, missed)
    }
  }
}

/** What was called for in the end is called for again. */
function isRecalledAnew(status: string, { cachedAt }: { cachedAt?: number }): boolean {
  return status === 'recalling' && cachedAt === undefined
}

function answerChild({ recorded, actors, steps }: PretendedFork, playback: Playback, order: ChildOrder): void {
  const path: StepPath = order.path
  const node = nodeOf(path)
  const told = Object.hasOwn(steps, node) ? steps[node] : undefined
  if (told === undefined && recorded.ends.has(path)) return
  const failed = told === undefined ? recorded.failedChildren.get(path) : undefined
  if (failed !== undefined) {
    const { afterMs, failure } = failed
    return playback.answerChild(order, { afterMs, result: { ok: false, failure } })
  }
  const made = pretendStep(told ?? nothing, actors.get(node) ?? nobody, 1)
  const unheardMs = told === undefined ? recorded.cutOff.get(path) : undefined
  if (unheardMs === undefined) return playback.answerChild(order, made)
  playback.answerChild(order, { ...made, afterMs: unheardMs + 1 }, unheardMs + 1)
}
