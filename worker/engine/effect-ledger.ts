// effect-ledger
//
// A journal as the list of what was sent outside and what came back. A third fold beside `evolve` and `project`: one
// entry per step and generation, because within one a step keeps its idempotency key, and a new one begins another.
//
//   E1. What was sent and not answered whole is `unknown`, never `failed`: it may have happened. What cannot have been sent
//       is `not_sent`.
//   E2. An effect that is done stays done: a redrive leaves its entry alone, and says that it was kept.
//   E3. What a fork begins with was done by its origin, under the origin's keys. Pretended, nothing was done at all.

import type { Failure } from '../contract/failure.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { ExecutionEvent, JournalEntry, StepPath } from './event.ts'
import { nodeOf } from './path.ts'
import { isAmbiguous } from './retry.ts'

/** Times are epoch ms. */
export interface LedgerAttempt {
  attempt: number
  at: number
  endedAt?: number
  outcome: 'in_flight' | 'succeeded' | 'failed' | 'not_sent' | 'unknown'
  failure?: Failure
}

export interface LedgerEntry {
  path: StepPath
  node: string
  generation: number
  state: 'in_flight' | 'deferred' | 'retrying' | 'done' | 'failed' | 'not_sent' | 'unknown' | 'recalled'
  input: JsonObject
  output?: Json
  attempts: LedgerAttempt[]
  /** What it undoes; that it was undone; that the error handler did it. */
  undoes?: StepPath
  undone?: true
  inHandler?: true
  /** The execution that did it, where that is not this one: the one it is a fork of, or one before. */
  origin?: string
  /** Nothing was sent: what came back was made up. */
  pretended?: true
}

/** All that an execution did outside, in the order in which it began, and the generation it is in. */
export function effectLedger(entries: readonly JournalEntry[]): { generation: number; effects: LedgerEntry[] } {
  const ledger: Ledger = {
    generation: 1,
    effects: new Map(),
    sought: new Map(),
    part: {},
    pretends: false,
    deferrals: new Map(),
  }
  for (const { events } of entries) for (const event of events) enter(ledger, event)
  return { generation: ledger.generation, effects: [...ledger.effects.values()] }
}

interface Ledger {
  generation: number
  /** By `generation/path`. */
  effects: Map<string, LedgerEntry>
  /** Params of steps whose results are looked up. */
  sought: Map<StepPath, JsonObject>
  /** What is done after the end, while that goes on. */
  part: Pick<LedgerEntry, 'undoes' | 'inHandler'>
  /** From here on effects are pretended. */
  pretends: boolean
  /** How many attempts of each step were held back: nothing was sent, so they are not listed or counted. */
  deferrals: Map<StepPath, number>
}

function enter(ledger: Ledger, event: ExecutionEvent): void {
  switch (event.type) {
    case 'attemptStarted': {
      const { path, attempt, at } = event
      const entry = open(ledger, path, event.input)
      entry.state = 'in_flight'
      entry.attempts.push({ attempt: attempt - (ledger.deferrals.get(path) ?? 0), at, outcome: 'in_flight' })
      return
    }
    case 'resultSought':
      ledger.sought.set(event.path, event.input)
      return
    case 'attemptDeferred':
      ledger.deferrals.set(event.path, (ledger.deferrals.get(event.path) ?? 0) + 1)
      settle(ledger, event.path, 'deferred')?.attempts.pop()
      return
    case 'attemptFailed':
      endAttempt(ledger, event, outcomeOf(event.failure), event.failure)
      return
    case 'attemptLost':
      endAttempt(ledger, event, 'unknown')
      return
    case 'retryRequested':
      endAttempt(ledger, event, 'unknown')
      settle(ledger, event.path, 'retrying')
      return
    case 'retryScheduled':
      settle(ledger, event.path, 'retrying')
      return
    case 'stepCompleted': {
      const { path, at, output = null, cachedAt, skipped } = event
      if (cachedAt !== undefined) {
        const entry = open(ledger, path)
        entry.state = 'recalled'
        entry.output = output
        return
      }
      // Somebody skipped it: what it had sent may have happened.
      if (skipped === true) return giveUp(ledger, event)
      if (event.kept === true) return keep(ledger, path, output)
      endAttempt(ledger, { path, at }, 'succeeded')
      const entry = settle(ledger, path, 'done')
      if (entry !== undefined) entry.output = output
      return
    }
    case 'stepFailed':
    case 'stepCancelled':
      giveUp(ledger, event)
      return
    case 'undoStarted':
      ledger.part = { undoes: event.path }
      return
    case 'undoEnded': {
      ledger.part = {}
      const undone = effectAt(ledger, event.path)
      if (undone !== undefined && event.failure === undefined) undone.undone = true
      return
    }
    case 'handlerStarted':
      ledger.part = { inHandler: true }
      return
    case 'handlerEnded':
      ledger.part = {}
      return
    case 'redriven':
      ledger.generation = event.generation
      return
    case 'forked':
      if (event.pretend === true) ledger.pretends = true
      for (const entry of ledger.effects.values()) {
        entry.origin ??= event.from.executionId
        // What was in flight there goes on as it went there: nobody knows it here.
        if (event.pretend !== true && entry.state === 'in_flight') giveUp(ledger, { path: entry.path, at: event.at })
      }
      ledger.generation = event.generation
      return
    default:
  }
}

/** The step's effect in this generation, begun now unless it is there. */
function open(
  { generation, effects, sought, part, pretends }: Ledger,
  path: StepPath,
  input = sought.get(path),
): LedgerEntry {
  const key = `${generation}/${path}`
  const known = effects.get(key)
  if (known !== undefined) return known
  const entry: LedgerEntry = {
    path,
    node: nodeOf(path),
    generation,
    state: 'in_flight',
    input: input ?? {},
    attempts: [],
    ...part,
    ...(pretends && { pretended: true }),
  }
  effects.set(key, entry)
  return entry
}

/** The effect of a step in the last generation in which it had one. */
function effectAt({ generation, effects }: Ledger, path: StepPath): LedgerEntry | undefined {
  for (let at = generation; at > 0; at--) {
    const entry = effects.get(`${at}/${path}`)
    if (entry !== undefined) return entry
  }
  return undefined
}

/** The origin of this fork has done it since: what is known of it there is that it was done. */
function keep({ effects }: Ledger, path: StepPath, output: Json): void {
  const entry = [...effects.values()].findLast((effect) => effect.path === path)
  if (entry === undefined) return
  entry.state = 'done'
  entry.output = output
  const last = entry.attempts.at(-1)
  if (last !== undefined) last.outcome = 'succeeded'
}

function settle({ generation, effects }: Ledger, path: StepPath, state: LedgerEntry['state']): LedgerEntry | undefined {
  const entry = effects.get(`${generation}/${path}`)
  if (entry !== undefined) entry.state = state
  return entry
}

function endAttempt(
  { generation, effects }: Ledger,
  { path, at }: { path: StepPath; at: number },
  outcome: LedgerAttempt['outcome'],
  failure?: Failure,
): void {
  const entry = effects.get(`${generation}/${path}`)
  const last = entry?.attempts.at(-1)
  if (entry === undefined || last?.outcome !== 'in_flight') return
  last.outcome = outcome
  last.endedAt = at
  if (failure !== undefined) last.failure = failure
}

/** It ends without a result. What was not known to have failed may have happened. */
function giveUp(ledger: Ledger, event: { path: StepPath; at: number }): void {
  endAttempt(ledger, event, 'unknown')
  const entry = ledger.effects.get(`${ledger.generation}/${event.path}`)
  if (entry === undefined) return
  const outcomes = entry.attempts.map(({ outcome }) => outcome)
  if (outcomes.includes('unknown')) entry.state = 'unknown'
  else entry.state = outcomes.length > 0 && outcomes.every((outcome) => outcome === 'not_sent') ? 'not_sent' : 'failed'
}

function outcomeOf(failure: Failure): 'failed' | 'not_sent' | 'unknown' {
  if (isAmbiguous(failure)) return 'unknown'
  return failure.sent === 'no' ? 'not_sent' : 'failed'
}
