// play-test
//
// One execution of the real engine on a clock of its own, for a person who looks at it.
//
//   T1. Nothing is stored: the journal is a list that is given away.
//   T2. Only the steps that were named are really called; what any other call gives is said beforehand.
//   T3. A real call takes as long on the test's clock as it really took. Calls that are wanted at the same time are made
//       at the same time; the clock then decides whose answer came first.
//   T4. It ends: by its workflow, at the node that was named, or at a limit, which it says.

import type { Json } from '../../contract/json.ts'
import type { PretendStep } from '../../contract/workflow-test.ts'
import type { TestResult } from '../../contract/workflow-test.ts'
import { testLimits } from '../../contract/facts/workflow-test.ts'
import type { Heard } from '../../engine/behaviour.ts'
import type { Invocation } from '../../engine/effect.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { nodeOf } from '../../engine/path.ts'
import type { Plan } from '../../engine/plan.ts'
import { bringEvents } from '../../simulate/bring-events.ts'
import { cutPlan } from '../../simulate/cut-plan.ts'
import { overridePlan } from '../../simulate/override-plan.ts'
import { Playback, type Answer, type CallResult, type Start } from '../../simulate/playback.ts'
import { pretendStep, type Actor } from '../../simulate/pretend.ts'

export interface TestPlan {
  plan: Plan
  executionId: string
  start: Start
  /** Epoch ms on the test's clock. */
  startAt: number
  actors: ReadonlyMap<string, Actor>
  steps: Readonly<Record<string, PretendStep>>
  real: ReadonlySet<string>
  stopAt?: string | undefined
  /** What expressions read as `contact`. */
  contact?: Json | undefined
  /** What comes while it runs, for steps that wait for it. */
  events: readonly Heard[]
  /** Real ms that a wait is waited for. */
  waitMs: number
}

/** What a test needs of the real world; `clock` in epoch ms. */
export interface RealWorld {
  perform(invocation: Invocation, cancelled: AbortSignal): Promise<CallResult>
  clock(): number
  sleep(ms: number): Promise<void>
}

export interface Played {
  entries: JournalEntry[]
  calls: TestResult['calls']
  stopped?: NonNullable<TestResult['stopped']>
}

const nothing: PretendStep = {}
const nobody: Actor = { example: null, firstPort: 'out' }

/** Plays it to its end. */
export async function playTest(
  test: TestPlan,
  world: RealWorld,
  limits: Readonly<Record<'turns' | 'journalCharacters' | 'realMs', number>> = testLimits,
): Promise<Played> {
  const { executionId, actors, steps, real, stopAt, waitMs } = test
  const given = overridePlan(test.plan, new Map(Object.entries(steps)))
  const plan = stopAt === undefined ? given : cutPlan(given, stopAt)
  const playback = new Playback(plan, { executionId, mode: 'test' }, undefined, test.contact ?? null)
  const entries: JournalEntry[] = []
  const calls = { real: 0, pretend: 0 }
  let characters = 0
  let realMs = 0

  const stop = (stopped: Played['stopped']): Played => ({ entries, calls, ...(stopped !== undefined && { stopped }) })

  for (let entry = playback.start(test.start, test.startAt); ; entry = playback.step()) {
    if (entry !== null) {
      entries.push(entry)
      characters += JSON.stringify(entry).length
    }
    if (stopAt !== undefined && entry !== null && hasEnded(entry, stopAt)) return stop(atNode(stopAt))
    if (playback.isFinished) return stop(undefined)
    if (playback.turns >= limits.turns)
      return stop(atLimit('turns', `It took ${limits.turns} turns and had not ended.`))
    if (characters > limits.journalCharacters) {
      return stop(atLimit('size', `Its steps hold more than ${limits.journalCharacters / 1e6} MB together.`))
    }

    const asked = playback.unanswered()
    const toMake = asked.filter(({ node }) => real.has(node))
    for (const invocation of asked) {
      const { node, attempt } = invocation
      if (real.has(node)) continue
      calls.pretend += 1
      const step = Object.hasOwn(steps, node) ? steps[node]! : nothing
      playback.answer(invocation, pretendStep(step, actors.get(node) ?? nobody, attempt))
    }
    for (const order of playback.unansweredChildren()) {
      const node = nodeOf(order.path)
      calls.pretend += 1
      const step = Object.hasOwn(steps, node) ? steps[node]! : nothing
      playback.answerChild(order, pretendStep(step, actors.get(node) ?? nobody, 1))
    }
    if (toMake.length > 0) {
      const left = limits.realMs - realMs
      if (left <= 0) return stop(outOfTime(limits.realMs))
      const before = world.clock()
      calls.real += toMake.length
      const answers = await makeCalls(toMake, world, left)
      realMs += world.clock() - before
      toMake.forEach((invocation, index) => playback.answer(invocation, answers[index]!))
    }

    bringEvents(playback, test.events)
    const next = playback.nextAt()
    if (next === null) return stop(atLimit('stuck', 'Nothing is left that it could wait for.'))
    const pause = Math.min(next - playback.now, waitMs, limits.realMs - realMs)
    if (waitMs > 0 && realMs >= limits.realMs) return stop(outOfTime(limits.realMs))
    if (pause > 0) {
      realMs += pause
      await world.sleep(pause)
    }
  }
}

/** Makes calls at the same time and tells how long each took. */
async function makeCalls(invocations: readonly Invocation[], world: RealWorld, withinMs: number): Promise<Answer[]> {
  const overdue = new AbortController()
  // Not `AbortSignal.timeout`: its timer cannot be cleared.
  const timer = setTimeout(() => overdue.abort(), withinMs)
  try {
    return await Promise.all(
      invocations.map(async (invocation) => {
        const before = world.clock()
        const result = await world.perform(invocation, overdue.signal)
        // A call that was answered was not cut off, however its time was measured.
        const afterMs = Math.min(world.clock() - before, invocation.timeoutMs - 1)
        return { afterMs: Math.max(0, afterMs), result }
      }),
    )
  } finally {
    clearTimeout(timer)
  }
}

function hasEnded({ events }: JournalEntry, nodeId: string): boolean {
  return events.some(
    (event) => (event.type === 'stepCompleted' || event.type === 'stepFailed') && event.node === nodeId,
  )
}

function atNode(nodeId: string): NonNullable<Played['stopped']> {
  return { by: 'node', code: 'test.stopped', message: `Stopped after ${nodeId}, as it was asked to.` }
}

function atLimit(what: string, message: string): NonNullable<Played['stopped']> {
  return { by: 'limit', code: `test.${what}`, message: `The test ended early. ${message}` }
}

function outOfTime(ms: number): NonNullable<Played['stopped']> {
  return atLimit('out_of_time', `Its real calls and waits took more than ${ms / 1_000} s together.`)
}
