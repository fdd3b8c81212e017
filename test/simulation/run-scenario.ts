// run-scenario: plays a scenario to its end and gives what was seen

import type { ExecutionId } from '../../worker/contract/id.ts'
import type { Json } from '../../worker/contract/json.ts'
import { inWorld } from './in-world.ts'
import { Outside } from './outside.ts'
import type { Fault } from './platform/faults.ts'
import type { Delivery, Scenario } from './scenario.ts'
import { eventType, organizationId, workflowIdOf, worldOf, type GateAnswer, type World } from './world.ts'

export interface Acknowledged {
  delivery: Delivery
  at: number
  executionIds: readonly string[]
  duplicate: boolean
  /** What a sender that waited was told. */
  status?: string
}

export interface Evidence {
  scenario: Scenario
  acknowledged: Acknowledged[]
  /** Answers that no sender should get. */
  refused: string[]
  /** Executions whose cancellation was acknowledged. */
  cancelled: Map<string, number>
  redriven: Set<string>
  /** When the first workflow's pause was answered, and when each event was first sent. */
  pausedAt: number | null
  firstSentAt: Map<number, number>
  stored: ReturnType<World['stored']>
  gateAnswers: readonly GateAnswer[]
  journalOf: World['journalOf']
  snapshotOf: World['snapshotOf']
  snapshots: number
  ledger: World['target']['ledger']
  behaved: World['target']['behaved']
  fired: Fault[]
  /** Why it did not come to its end. */
  stuck: string | null
  deadLetters: number
  steps: number
  trace: number
  tookMs: number
}

type Meanwhile = NonNullable<Delivery['meanwhile']>

/** Plays it. Deterministic: the same scenario gives the same evidence. */
export function runScenario(scenario: Scenario): Promise<Evidence> {
  return inWorld(worldOf(scenario), (world) => new Run(scenario, world).play())
}

class Run {
  readonly #scenario: Scenario
  readonly #world: World
  readonly #outside: Outside
  readonly #acknowledged: Acknowledged[] = []
  readonly #refused: string[] = []
  readonly #cancelled = new Map<string, number>()
  readonly #redriven = new Set<string>()
  readonly #firstSentAt = new Map<number, number>()
  #pausedAt: number | null = null

  constructor(scenario: Scenario, world: World) {
    this.#scenario = scenario
    this.#world = world
    this.#outside = new Outside(world)
  }

  async play(): Promise<Evidence> {
    const { deliveries, pausedAtMs, closedAtMs } = this.#scenario
    const { timeline } = this.#world
    const startedAt = timeline.now
    for (const delivery of deliveries) {
      for (const atMs of [delivery.atMs, ...delivery.againMs.map((again) => delivery.atMs + again)])
        this.#send(delivery, atMs)
    }
    if (pausedAtMs !== null) this.#pause(pausedAtMs)
    if (closedAtMs !== undefined) timeline.schedule(null, 'close', () => this.#world.close(), closedAtMs)
    const stuck = await this.#outside.untilRest(() =>
      this.#world.isOver(this.#acknowledged.flatMap(({ executionIds }) => executionIds)),
    )
    return {
      scenario: this.#scenario,
      acknowledged: this.#acknowledged,
      refused: this.#refused,
      cancelled: this.#cancelled,
      redriven: this.#redriven,
      pausedAt: this.#pausedAt,
      firstSentAt: this.#firstSentAt,
      stored: this.#world.stored(),
      gateAnswers: this.#world.gateAnswers,
      journalOf: (name) => this.#world.journalOf(name),
      snapshotOf: (name) => this.#world.snapshotOf(name),
      snapshots: this.#world.countSnapshots(),
      ledger: this.#world.target.ledger,
      behaved: this.#world.target.behaved,
      fired: this.#world.faults.fired,
      stuck,
      deadLetters: this.#world.queues.dead,
      steps: timeline.steps,
      trace: timeline.trace,
      tookMs: timeline.now - startedAt,
    }
  }

  /** Sends an event until it is acknowledged. Whoever does not hear anything sends it again. */
  #send(delivery: Delivery, inMs: number, tries = 1): void {
    const { timeline } = this.#world
    this.#outside.open += 1
    timeline.schedule(
      null,
      'send',
      () => {
        if (!this.#firstSentAt.has(delivery.number)) this.#firstSentAt.set(delivery.number, timeline.now)
        this.#outside.ask(
          () => this.#offer(delivery),
          (acknowledged) => {
            this.#outside.open -= 1
            if (typeof acknowledged === 'string') {
              this.#refused.push(acknowledged)
              return
            }
            const isFirst = !this.#acknowledged.some((other) => other.delivery === delivery)
            this.#acknowledged.push(acknowledged)
            if (isFirst && delivery.meanwhile !== null) {
              for (const id of acknowledged.executionIds) this.#meddle(delivery.meanwhile, id)
            }
          },
          () => {
            this.#outside.open -= 1
            if (tries === 30) this.#refused.push(`event ${delivery.number} was not taken in 30 tries`)
            else this.#send(delivery, timeline.random.int(500, 3_000), tries + 1)
          },
        )
      },
      inMs,
    )
  }

  /** One try. A text is a refusal that nothing will change. */
  async #offer(delivery: Delivery): Promise<Acknowledged | string> {
    const { way, workflow, number, waits } = delivery
    const { runtime } = this.#world.front
    const { timeline } = this.#world
    const data: Json = { number }
    switch (way) {
      case 'event': {
        const answer = await runtime.emit(organizationId, {
          type: eventType,
          data: { number },
          id: `event-${number}`,
          occurredAt: '2026-11-21T12:00:00.000Z',
        })
        return { delivery, at: timeline.now, executionIds: answer.executionIds, duplicate: answer.duplicate }
      }
      case 'start': {
        const answer = await runtime.start({
          organizationId,
          workflowId: workflowIdOf(workflow),
          versionId: this.#world.versionOf(workflow),
          trigger: { nodeId: 'n0', kind: 'manual', data },
          idempotencyKey: `start-${number}`,
          ...(waits && { waitMs: 20_000 }),
        })
        const { executionId, duplicate, execution } = answer
        const status = execution === undefined ? {} : { status: execution.status }
        return { delivery, at: timeline.now, executionIds: [executionId], duplicate, ...status }
      }
      case 'hook':
        return this.#knock(delivery)
    }
  }

  async #knock(delivery: Delivery): Promise<Acknowledged | string> {
    const { workflow, number } = delivery
    const response = await this.#world.fetch(
      new Request(this.#world.hookUrl(workflow), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'webhook-id': `hook-${number}` },
        body: JSON.stringify({ number }),
      }),
    )
    const text = await response.text()
    const body =
      text === '' ? null : (JSON.parse(text) as { error?: { code: string; details?: { executionId?: string } } })
    const at = this.#world.timeline.now
    const id = response.headers.get('x-leat-execution-id') ?? body?.error?.details?.executionId
    // An execution that failed before it answered has been taken all the same.
    if (id !== undefined) return { delivery, at, executionIds: [id], duplicate: false }
    if (response.status === 404 && this.#pausedAt !== null) return `paused: ${body?.error?.code ?? ''}`
    if (response.status < 500 && response.status !== 404) return `${response.status} ${body?.error?.code ?? ''}`
    throw new Error(`${response.status} ${text}`)
  }

  #meddle(meanwhile: Meanwhile, id: string, tries = 1): void {
    const { timeline } = this.#world
    const { what, afterMs, toChild } = meanwhile
    this.#outside.open += 1
    timeline.schedule(
      null,
      what,
      () => {
        const whom = toChild ? this.#world.childrenOf(id)[0] : id
        if (whom === undefined) {
          this.#outside.open -= 1
          return
        }
        this.#outside.ask(
          () => this.#intervene(what, whom as ExecutionId),
          (answer) => {
            this.#outside.open -= 1
            if (what === 'pause') this.#resume(whom)
            if (answer !== 'accepted') return
            if (what === 'cancel') this.#cancelled.set(whom, timeline.now)
            else if (what === 'redrive') this.#redriven.add(whom)
          },
          () => {
            this.#outside.open -= 1
            // Whether the first try came through is not known.
            if (what === 'redrive') this.#redriven.add(whom)
            if (what === 'pause') this.#resume(whom)
            else if (tries < 10) this.#meddle({ ...meanwhile, afterMs: 500 }, id, tries + 1)
          },
        )
      },
      afterMs,
    )
  }

  #intervene(what: Meanwhile['what'], id: ExecutionId): Promise<unknown> {
    const { runtime } = this.#world.front
    switch (what) {
      case 'cancel':
        return runtime.cancel(organizationId, id, 'ada', 'not wanted')
      case 'redrive':
        return runtime.redrive(organizationId, id, 'ada')
      case 'pause':
        return runtime.control(organizationId, id, { type: 'pause', by: 'ada' })
    }
  }

  #resume(id: string, tries = 1): void {
    const { timeline } = this.#world
    this.#outside.open += 1
    const ask = () =>
      this.#outside.ask(
        () => this.#world.front.runtime.control(organizationId, id as ExecutionId, { type: 'resume', by: 'ada' }),
        () => {
          this.#outside.open -= 1
        },
        () => {
          this.#outside.open -= 1
          if (tries < 30) this.#resume(id, tries + 1)
        },
      )
    timeline.schedule(null, 'resume', ask, timeline.random.int(500, 20_000))
  }

  #pause(atMs: number, tries = 1): void {
    const { timeline } = this.#world
    this.#outside.open += 1
    timeline.schedule(
      null,
      'pause',
      () => {
        this.#world.stopListening(0)
        this.#outside.ask(
          () => this.#world.front.runtime.routesChanged(organizationId),
          () => {
            this.#outside.open -= 1
            this.#pausedAt = timeline.now
          },
          () => {
            this.#outside.open -= 1
            if (tries < 30) this.#pause(500, tries + 1)
          },
        )
      },
      atMs,
    )
  }
}
