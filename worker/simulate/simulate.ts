// simulate
//
// Many executions of one workflow on one clock: contacts come, calls give what a model draws, waits pass at once.
//
//   S1. Deterministic: every chance is drawn from the seed, the contact and what it is for. The order in which contacts are
//       looked at changes nothing, because none of them sees another.
//   S2. The plan is compiled once and shared. A contact costs its execution's state and one place in a queue of what is
//       due next; one that has ended costs a few numbers.
//   S3. Bounded: a workflow that goes on for ever, and executions that hold too much, end in `TooLarge`.
//   S4. It hands control back every so often (a generator), so that whoever plays it can do other things in between.
//   S5. What lies after the end of the simulation has not happened.

import type { TriggerKind } from '../contract/execution.ts'
import type { GraphEdge } from '../contract/graph.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { NodeModel, Simulation, SimulateRequest } from '../contract/simulate.ts'
import { simulateLimits } from '../contract/facts/simulate.ts'
import type { JournalEntry } from '../engine/event.ts'
import { nodeOf } from '../engine/path.ts'
import type { Plan } from '../engine/plan.ts'
import type { ExecutionState } from '../engine/state.ts'
import { seededFraction } from '../lib/seeded-fraction.ts'
import { approximateBytes } from './approximate-bytes.ts'
import { arrivalTimes } from './arrivals.ts'
import { bringEvents } from './bring-events.ts'
import { DueQueue } from './due-queue.ts'
import { Happenings } from './happenings.ts'
import { Playback } from './playback.ts'
import { contactOf } from './population.ts'
import { pretendDrawn, type Actor, type Circumstances } from './pretend.ts'
import { Tally } from './tally.ts'

export interface Setup {
  plan: Plan
  edges: readonly GraphEdge[]
  trigger: { nodeId: string; kind: TriggerKind; dataOf: (contact: Json, at: number, index: number) => Json }
  /** What expressions read as `contact`. */
  sampleOf: (contact: Json, index: number) => Json
  /** What they read of the organization. */
  organizationVars?: JsonObject
  /** Nodes that act, by id. */
  actors: ReadonlyMap<string, Actor>
  messageNodes: ReadonlySet<string>
  /** Epoch ms. */
  startAt: number
  request: Pick<SimulateRequest, 'contacts' | 'days' | 'samples' | 'fields' | 'arrivals' | 'nodes' | 'events' | 'seed'>
  limits?: { steps: number; bytes: number }
}

/** Thrown when a simulation would take more than it may. */
export class TooLarge extends Error {
  override name = 'TooLarge'
  readonly details: { limit: 'steps' | 'bytes'; most: number; contacts: number; reachedAt: string }

  constructor(details: TooLarge['details']) {
    super(`more than ${details.most} ${details.limit}`)
    this.details = details
  }
}

/** Turns between two moments at which control is handed back: some milliseconds. */
const turnsAtATime = 500

const turnsPerStep = 4

/** Turns of one execution in which nothing happens, one after the other, before that is taken for a fault of ours. */
const idleTurns = 1_000

const noModel: NodeModel = {}
const nobody: Actor = { example: null, firstPort: 'out' }

interface Contact {
  playback: Playback
  happenings: Happenings
  circumstances: Circumstances
  bytes: number
  idle: number
}

/** Plays it all. Yields now and then, and gives the counts. Throws `TooLarge`. */
export function* simulate(setup: Setup): Generator<void, Simulation> {
  const { plan, edges, trigger, organizationVars, sampleOf, actors, messageNodes, startAt, request } = setup
  const { seed, contacts: count, days, samples, fields, arrivals, nodes: models = {}, events: rules } = request
  const limits = setup.limits ?? simulateLimits
  const endAt = startAt + days * 86_400_000
  const tally = new Tally(plan, { contacts: count, messageNodes })
  const draw = (contact: number, name: string) => seededFraction(`${seed}|${contact}|${name}`)

  const contacts = new Map<number, Contact>()
  const happened: Happenings[] = []
  const queue = new DueQueue()
  arrivalTimes(arrivals, { startAt, days, contacts: count, draw: (contact) => draw(contact, 'arrives') }).forEach(
    (at, contact) => queue.put(at, contact),
  )

  let arrived = 0
  let bytes = 0
  for (let turns = 0; (queue.nextAt ?? Infinity) < endAt; turns++) {
    const { at, who } = queue.take()!
    let contact = contacts.get(who)
    let entry: JournalEntry | null
    if (contact === undefined) {
      arrived += 1
      const sample = contactOf({ samples, fields, draw }, who)
      contact = newContact(who, at, sample)
      contacts.set(who, contact)
      happened.push(contact.happenings)
      const data = trigger.dataOf(sample, at, who)
      const start = { trigger: { nodeId: trigger.nodeId, kind: trigger.kind, data } }
      entry = contact.playback.start({ ...start, ...(organizationVars && { organizationVars }) }, at)
    } else {
      entry = contact.playback.step()
    }
    settle(who, contact, entry)
    // Turns too: a step that asks again and again whether it is to go on is still one step.
    if (tally.steps > limits.steps || turns > turnsPerStep * limits.steps) throw tooLarge('steps', at)
    if (bytes > limits.bytes) throw tooLarge('bytes', at)
    if (turns % turnsAtATime === turnsAtATime - 1) yield
  }

  return {
    seed,
    startAt: new Date(startAt).toISOString(),
    endAt: new Date(endAt).toISOString(),
    contacts: arrived,
    ...tally.result(edges),
    events: countEvents(rules, happened, endAt),
  }

  function newContact(who: number, at: number, sample: Json): Contact {
    const happenings = new Happenings(rules, (name) => draw(who, name))
    happenings.arrived(at)
    const identity = { executionId: `sim_${who + 1}_${seed}`, mode: 'simulation' }
    const playback = new Playback(plan, identity, undefined, plan.contactReads === null ? null : sampleOf(sample, who))
    const circumstances: Circumstances = {
      draw: (name) => draw(who, name),
      hasHappened: (event) => happenings.hasHappened(event, playback.now),
    }
    return { playback, happenings, circumstances, bytes: 0, idle: 0 }
  }

  /** Takes in what a turn brought, answers its calls, and lines the contact up for what comes next. */
  function settle(who: number, contact: Contact, entry: JournalEntry | null): void {
    const { playback, happenings, circumstances } = contact
    contact.idle = entry === null ? contact.idle + 1 : 0
    if (contact.idle > idleTurns) throw new Error('an execution is woken again and again and does nothing')
    if (entry !== null) {
      tally.add(who, entry)
      happenings.follow(entry)
    }
    const asked = playback.unanswered()
    for (const invocation of asked) {
      const { node } = invocation
      const model = Object.hasOwn(models, node) ? models[node]! : noModel
      playback.answer(invocation, pretendDrawn(model, actors.get(node) ?? nobody, invocation, circumstances))
    }
    for (const order of playback.unansweredChildren()) {
      const node = nodeOf(order.path)
      const model = Object.hasOwn(models, node) ? models[node]! : noModel
      const call = { path: order.path, attempt: 1 }
      playback.answerChild(order, pretendDrawn(model, actors.get(node) ?? nobody, call, circumstances))
    }
    bringEvents(playback, happenings.events)
    const next = playback.nextAt()
    if (next !== null) queue.put(next, who)
    else contacts.delete(who)

    // What it held last, which is what it holds while others are looked at.
    bytes -= contact.bytes
    contact.bytes = next === null ? 0 : approximateBytes(heldBy(playback.state), limits.bytes)
    bytes += contact.bytes
  }

  function tooLarge(limit: 'steps' | 'bytes', at: number): TooLarge {
    return new TooLarge({ limit, most: limits[limit], contacts: arrived, reachedAt: new Date(at).toISOString() })
  }
}

/** What an execution holds for itself. */
function heldBy({ outputs, superseded, vars, open, trigger }: ExecutionState): unknown {
  return { outputs, superseded, vars, open, trigger }
}

function countEvents(
  rules: SimulateRequest['events'],
  happened: readonly Happenings[],
  endAt: number,
): Simulation['events'] {
  return [...new Set(rules.map(({ name }) => name))].map((name) => {
    const instants = happened.map(({ instants }) => instants.get(name) ?? Infinity).filter((at) => at < endAt)
    const { min, max } = instants.reduce(
      (range, at) => ({ min: Math.min(range.min, at), max: Math.max(range.max, at) }),
      { min: Infinity, max: -Infinity },
    )
    const count = instants.length
    return {
      name,
      count,
      ...(count > 0 && { firstAt: new Date(min).toISOString(), lastAt: new Date(max).toISOString() }),
    }
  })
}
