// world: a host for the engine, on one thread and a virtual clock, that can be made to crash at any turn

import { advance } from '../../../worker/engine/advance.ts'
import type { Json } from '../../../worker/contract/json.ts'
import type { ChildOrder, Invocation, Outstanding } from '../../../worker/engine/effect.ts'
import type { ExecutionEvent, JournalEntry } from '../../../worker/engine/event.ts'
import { fold } from '../../../worker/engine/fold.ts'
import type { Input } from '../../../worker/engine/input.ts'
import { outstanding } from '../../../worker/engine/outstanding.ts'
import type { Plan } from '../../../worker/engine/plan.ts'
import { freeze, thaw } from '../../../worker/engine/snapshot.ts'
import type { ExecutionState } from '../../../worker/engine/state.ts'
import { seededFraction } from '../../../worker/lib/seeded-fraction.ts'
import { unreachable } from '../../../worker/lib/unreachable.ts'
import { busy, heldBack, refused } from './failures.ts'
import { identity, stored } from './play.ts'
import { answerTo, failuresOf } from './meaning.ts'

/**
 * What dies at a turn. `memory`: only the state, as when an object sleeps. `calls`: the calls in flight too, after the
 * turn was committed. `turn`: the whole turn, before it was committed.
 */
export interface Crash {
  at: number
  what: 'memory' | 'calls' | 'turn'
}

export interface Ran {
  entries: JournalEntry[]
  state: ExecutionState
  /** Every call that was begun, in order: repeated ones too. */
  performed: Invocation[]
}

/** Somebody who controls the execution: what they wish after a turn. */
export type Meddler = (turn: number, state: ExecutionState) => Input[]

const trigger = { nodeId: 'n0', kind: 'manual', data: { hello: 'world' } } as const

interface InFlight {
  invocation: Invocation
  doneAt: number
}

/** Runs to the end, or throws when that does not come. `until` stops it early. */
export function run(
  plan: Plan,
  crashes: readonly Crash[] = [],
  maxTurns = 2_000,
  meddle: Meddler = () => [],
  /** A journal to go on from, instead of a beginning. */
  before: readonly JournalEntry[] = [],
  /** Which share of the calls is held back, as if the outside took no more. */
  holds = 0,
): Ran {
  let entries: JournalEntry[] = [...before]
  let state = fold(before)
  let snapshot = freeze(state)
  let inFlight = new Map<string, InFlight>()
  let children = new Map<string, Said>()
  let wants: Outstanding = { invocations: [], children: [], wakeAt: null }
  const performed: Invocation[] = []
  const inbox: Input[] = [before.length === 0 ? { type: 'start', trigger } : { type: 'wake' }]
  let now = Math.max(1_000_000, state.at)

  for (let turns = 0; inbox.length > 0; turns++) {
    if (turns > maxTurns) throw new Error(`no end after ${turns} turns`)
    const input = inbox.shift()!
    const crash = crashes.find(({ at }) => at === turns)?.what
    const turn = advance({ plan, state, identity }, input, now)
    if (turn.entry !== null && crash !== 'turn') entries.push(turn.entry)
    wants = turn.outstanding

    if (crash !== undefined) {
      entries = stored(entries)
      state = fold(entries, thaw(snapshot))
      wants = outstanding({ plan, state })
      if (crash !== 'memory') {
        // It takes a while until somebody notices, and much falls due meanwhile.
        now += Math.floor(seededFraction(`down|${turns}`) * 8_000)
        inFlight = new Map()
        children = new Map()
        inbox.push(state.startedAt === null ? { type: 'start', trigger } : { type: 'recover' })
      }
      // Now and then, so that later crashes come back from an old snapshot and a long tail.
      if (turns % 3 === 0) snapshot = freeze(state)
    }
    inbox.push(...meddle(turns, state))
    if (inbox.length > 0) continue
    abortUnwanted(inFlight, wants)
    for (const invocation of wants.invocations) {
      if (inFlight.has(invocation.key)) continue
      performed.push(invocation)
      inFlight.set(invocation.key, { invocation, doneAt: now + (isHeld(invocation, holds) ? 1 : callMs(invocation)) })
    }
    lookAfter(children, wants, now)
    const next = soonest(inFlight, wants.wakeAt)
    const said = [...children.values()].reduce<Said | undefined>(
      (first, other) => (first === undefined || other.at < first.at ? other : first),
      undefined,
    )
    if (said !== undefined && said.at <= (next?.at ?? Infinity)) {
      now = Math.max(now, said.at)
      inbox.push(said.input)
      children.delete(said.name)
      continue
    }
    if (next === undefined && state.paused !== null) {
      now += 5_000
      inbox.push({ type: 'resume', by: 'ada' })
      continue
    }
    if (next === undefined) break
    now = Math.max(now, next.at)
    if (next.done === undefined) inbox.push({ type: 'wake' })
    else
      inbox.push(
        isHeld(next.done.invocation, holds) ? hold(next.done.invocation, now) : report(next.done.invocation, entries),
      )
    if (next.done !== undefined) inFlight.delete(next.done.invocation.key)
  }
  return { entries, state, performed }
}

/** What a child will say, or somebody about it. */
interface Said {
  name: string
  at: number
  input: Input
}

/** Has children started, awaited and cancelled, and results looked up: each of it takes a while, some lookups for ever. */
function lookAfter(children: Map<string, Said>, { children: orders, recalls = [] }: Outstanding, now: number): void {
  const names = new Set([...orders.map(({ want, key }) => `${want} ${key}`), ...recalls.map(({ path }) => path)])
  for (const { path, key } of recalls) {
    const at = now + 1 + Math.floor(seededFraction(`recall|${path}`) * 4_000)
    if (!children.has(path)) children.set(path, { name: path, at, input: { type: 'recalled', path, key, found: null } })
  }
  for (const name of children.keys()) if (!names.has(name)) children.delete(name)
  for (const { want, key, call } of orders) {
    const name = `${want} ${key}`
    if (children.has(name)) continue
    const at = now + 1 + Math.floor(seededFraction(`child|${name}`) * (want === 'watch' ? 4_000 : 300))
    children.set(name, { name, at, input: saidOf(want, key, call.input) })
  }
}

function saidOf(want: ChildOrder['want'], key: string, input: Json): Input {
  const executionId = `child ${key}`
  switch (want) {
    case 'start':
      return { type: 'childStarted', key, executionId }
    case 'cancel':
      return { type: 'childReleased', key }
    case 'watch': {
      const isRefused = failuresOf(input) < 0
      const end = isRefused
        ? ({ executionId, status: 'failed', output: null, failure: refused } as const)
        : ({ executionId, status: 'completed', output: answerTo(input) } as const)
      return { type: 'childEnded', key, end }
    }
    default:
      return unreachable(want)
  }
}

function abortUnwanted(inFlight: Map<string, InFlight>, { invocations }: Outstanding): void {
  const wanted = new Set(invocations.map(({ key }) => key))
  for (const key of inFlight.keys()) if (!wanted.has(key)) inFlight.delete(key)
}

function soonest(inFlight: Map<string, InFlight>, wakeAt: number | null): { at: number; done?: InFlight } | undefined {
  let next: { at: number; done?: InFlight } | undefined = wakeAt === null ? undefined : { at: wakeAt }
  for (const done of inFlight.values()) {
    if (next === undefined || done.doneAt < next.at) next = { at: done.doneAt, done }
  }
  return next
}

function isHeld({ path, attempt }: Pick<Invocation, 'path' | 'attempt'>, share: number): boolean {
  return share > 0 && seededFraction(`held|${path}|${attempt}`) < share
}

/** Who holds some of the calls back, and may let go of them sooner. */
export const someHolder = 'breaker:-:api.example.com'

function hold({ path, attempt }: Invocation, now: number): Input {
  const until = now + Math.floor(seededFraction(`until|${path}|${attempt}`) * 300)
  const mayLetGo = attempt % 2 === 1 ? { holder: someHolder } : {}
  return { type: 'deferred', path, attempt, until, failure: heldBack, free: attempt % 2 === 0, ...mayLetGo }
}

/** A little over a second on average, and never the same. */
function callMs({ key }: Invocation): number {
  return 1 + Math.floor(seededFraction(`ms|${key}`) * 2_500)
}

/**
 * The world fails a call as often as its input says. It counts by the journal: a failure that nobody wrote down did not
 * happen, so that a crash changes nothing that the model could see. What a fork begins again it has never failed before,
 * as it has all its retries before it.
 */
function report({ path, attempt, input }: Invocation, entries: readonly JournalEntry[]): Input {
  const wanted = failuresOf(input)
  if (wanted < 0) return { type: 'failed', path, attempt, failure: refused }
  const events = entries.flatMap((entry) => entry.events)
  const own = events.slice(events.findLastIndex(({ type }) => type === 'forked') + 1)
  const failed = own.filter((event) => isFailure(event, path)).length
  if (failed < wanted) return { type: 'failed', path, attempt, failure: busy }
  return { type: 'succeeded', path, attempt, outcome: { output: answerTo(input), port: 'out' } }
}

function isFailure(event: ExecutionEvent, path: string): boolean {
  return event.type === 'attemptFailed' && event.path === path
}
