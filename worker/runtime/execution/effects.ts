// effects
//
// Performs the effects that the engine calls for after a turn: calls, children, subscriptions to events, look-ups of earlier
// results, a turn at a gate. This process performs each once at a time; a fresh one performs what is still outstanding again
// (X2 of execution-loop.ts).

import {
  attemptKey,
  type ChildOrder,
  type Invocation,
  type Listening,
  type Outstanding,
  type Recall,
} from '../../engine/effect.ts'
import type { GateRef, JournalEntry, StepPath } from '../../engine/event.ts'
import type { Input } from '../../engine/input.ts'
import type { Env } from '../../env.ts'
import { askGate, leaveGates } from '../gate/gates.ts'
import type { PerformResult } from '../calls/perform-invocation.ts'
import { listenFor } from '../waiters/listen-for.ts'
import type { Alarm } from './alarm.ts'
import { Calls, callToolsOf, reportOf } from '../calls/calls.ts'
import { Children } from './children.ts'
import type { LiveExecution } from './live-execution.ts'
import { findResult, keepResult } from '../calls/result-cache.ts'

/** A gate that could not be asked is asked again this much later, in ms. */
const askFailedAfterMs = 2_000

/** Where effects report their outcome: a turn of the execution. */
export interface Turns {
  load(): LiveExecution | undefined
  turn(input: Input): boolean
  report(input: Input): Promise<boolean>
}

export interface EffectParts {
  env: Env
  ctx: DurableObjectState
  alarm: Alarm
  turns: Turns
  /** Epoch ms. */
  now(): number
}

export class Effects {
  readonly #parts: EffectParts
  readonly #calls = new Calls()
  readonly #children: Children
  /** Results that are being looked up. */
  readonly #recalling = new Set<string>()
  /** Steps whose events this process has asked for. */
  readonly #listening = new Set<string>()
  /** The gate this process has asked to let it through, as `generation/gate`. */
  #asking = ''

  constructor(parts: EffectParts) {
    this.#parts = parts
    this.#children = new Children(parts.env)
  }

  /** Performs what is outstanding and not under way, and aborts the calls that are not wanted any more. */
  perform(live: LiveExecution, { invocations, children, listening = [], recalls = [], gate }: Outstanding): void {
    const { ctx, env, turns } = this.#parts
    if (gate !== undefined) ctx.waitUntil(this.#askGate(live, gate))
    for (const recall of recalls) ctx.waitUntil(this.#recall(live, recall))
    for (const order of children) if (order.want !== 'watch') ctx.waitUntil(this.lookAfter(live, order))

    for (const wanted of listening) this.#listenFor(live, wanted)
    const tools = callToolsOf(env, () => ctx.storage.sync())
    this.#calls.keep(invocations)
    for (const invocation of invocations) {
      const running = this.#calls.begin(live.header, invocation, tools, (result) =>
        turns.report(reportOf(invocation, result)),
      )
      if (running !== undefined) ctx.waitUntil(running)
    }
  }

  /** Whether this process has an attempt of the execution's present generation in flight. */
  isInFlight({ state: { generation } }: LiveExecution, path: StepPath, attempt: number): boolean {
    return this.#calls.isOwn({ generation, key: attemptKey(path, attempt) })
  }

  /** Takes these calls for under way: whoever started the object makes them, and reports each by `callEnded`. */
  leave(invocations: readonly Invocation[]): void {
    this.#calls.leave(invocations)
  }

  /** Reports the result of a call that was made elsewhere. */
  async callEnded(invocation: Invocation, result: PerformResult): Promise<void> {
    await this.#parts.turns.report(reportOf(invocation, result))
    this.#calls.end(invocation)
  }

  /** Does what is wanted of a child. Never rejects but for a turn that could not be committed. */
  async lookAfter({ header }: LiveExecution, order: ChildOrder): Promise<void> {
    const input = await this.#children.look(header, order)
    if (input !== undefined) await this.#parts.turns.report(input)
  }

  /** The gate it waits at may have forgotten it: with the next turn it is asked once more. */
  askGateAgain(): void {
    this.#asking = ''
  }

  /** Caches the outputs of this turn's steps that say so. */
  keepResults({ header, plan }: LiveExecution, { events }: JournalEntry): void {
    for (const event of events) {
      if (event.type !== 'stepCompleted' || event.keepAs === undefined) continue
      const { node, keepAs: key, output = null, port, at } = event
      const ttlMs = plan.nodes.get(node)?.cache?.ttlMs ?? 0
      const kept = keepResult({ header, node, key }, { output, port }, { at, ttlMs })
      this.#parts.ctx.waitUntil(
        kept.catch((error: unknown) => console.error({ message: 'result not kept', error: String(error) })),
      )
    }
  }

  /** Asks the gate at which the execution waits to let it through; once per process and look. Never rejects. */
  async #askGate({ header, state }: LiveExecution, ref: GateRef): Promise<void> {
    const { alarm, env, now, turns } = this.#parts
    const { generation, generationAt, gates, place, sharedPlaces } = state
    const name = `${generation}/${ref.gate}`
    if (this.#asking === name) return
    this.#asking = name
    try {
      const answer = await askGate(env, header, { generation, generationAt }, ref)
      if (answer.kind === 'passed') turns.turn({ type: 'passGate', gate: ref.gate })
      else if (answer.kind === 'refused') turns.turn({ type: 'refuse', failure: answer.failure })
      // If the execution finished meanwhile, its leaving may have reached the gate first: then this place is nobody's.
      const { finished = null } = turns.load()?.state ?? {}
      if (finished !== null) await leaveGates(env, header, { generation, gates, place, sharedPlaces })
    } catch (error) {
      console.error({ message: 'gate not asked', execution: header.executionId, error: String(error) })
      this.#asking = ''
      alarm.arm(now() + askFailedAfterMs)
    }
  }

  /** Asks to be brought the events a step waits for, once per process. */
  #listenFor({ header, state }: LiveExecution, listening: Listening): void {
    const { alarm, ctx, env } = this.#parts
    const key = `${state.generation}/${listening.path}`
    if (this.#listening.has(key)) return
    this.#listening.add(key)
    const asking = listenFor(env, header, listening).catch((error: unknown) => {
      console.error({ message: 'not listening', execution: header.executionId, error: String(error) })
      this.#listening.delete(key)
      alarm.mend()
    })
    ctx.waitUntil(asking)
  }

  /** Looks for a cached result, so that a step need not be called. Whatever goes wrong here, it is called. */
  async #recall({ header }: LiveExecution, { path, node, key }: Recall): Promise<void> {
    const name = `${path} ${key}`
    if (this.#recalling.has(name)) return
    this.#recalling.add(name)
    const found = await findResult({ header, node, key }).catch((error: unknown) => {
      console.error({ message: 'result not looked up', execution: header.executionId, error: String(error) })
      return null
    })
    this.#recalling.delete(name)
    await this.#parts.turns.report({ type: 'recalled', path, key, found })
  }
}
