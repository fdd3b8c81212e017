// scenario: one run as data: which workflows there are, what is sent when, what people do meanwhile, and what goes wrong

import fc from 'fast-check'
import type { ConcurrencySettings, DebounceSettings, ThrottleSettings } from '../../worker/contract/concurrency.ts'
import { createRandom, type Random } from '../../scripts/prove/kill/random.ts'
import { interpret, type Callee } from '../engine/support/model.ts'
import { programs, type Program, type ProgramNode } from '../engine/support/program.ts'
import { faultKinds, type Fault, type FaultKind } from './platform/faults.ts'

export interface Delivery {
  /** By an event of the API, which all workflows listen to; a start of one; or one's webhook. */
  way: 'event' | 'start' | 'hook'
  /** Which workflow, where the way leads to one. */
  workflow: number
  /** What tells this event from others: part of its data and of its key. */
  number: number
  /** When it is sent first, in ms from the beginning; and when its sender sends it again, whatever came of it. */
  atMs: number
  againMs: number[]
  /** The sender waits for the end. */
  waits: boolean
  /** What somebody does so long after it was acknowledged, to each execution of it, or to one that it called by then. */
  meanwhile: { what: 'cancel' | 'redrive' | 'pause'; afterMs: number; toChild?: true } | null
}

export interface Workflow {
  program: Program
  respond: 'immediately' | 'finished'
  /** The workflow that its steps call, by its place among all; where there is none they call the target. */
  calls?: number
  /** How many of its executions go on at a time, and how often one starts. */
  gate?: ConcurrencySettings
  debounce?: DebounceSettings
  throttle?: ThrottleSettings
  /** Nothing but a call starts it. */
  isCalled?: true
}

export interface Scenario {
  seed: number
  workflows: Workflow[]
  deliveries: Delivery[]
  /** When the first workflow is paused, if ever. */
  pausedAtMs: number | null
  /** When what the others call is paused, if ever: nobody may call it any more. */
  closedAtMs?: number
  /** How many executions of all workflows go on at a time, by what the organization and the installation say. */
  shared?: { organization?: number; installation?: number }
  faults: Fault[]
  /** What comes of a program depends on time, so the model cannot say it. */
  races: boolean
}

/** How far the nth of its kind may be; about as many as there are in a run, or some more. */
const reach: Record<FaultKind, number> = {
  'machine.dies': 90,
  'power.cut': 90,
  'object.dies': 90,
  'front.dies': 60,
  'storage.fails': 12,
  'commit.fails': 10,
  'call.lost': 12,
  'answer.lost': 12,
  'call.held': 6,
  'queue.refuses': 4,
  'queue.lost': 4,
  'queue.twice': 4,
  'queue.late': 4,
  'alarm.late': 8,
  'alarm.twice': 6,
  'alarm.lost': 8,
  'alarm.fatal': 16,
  'database.fails': 8,
  'database.silent': 8,
}

/** Deaths of one object may lose a call each, and after five losses a call is given up: that is not what is looked for. */
export const maxFaults = 4

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  // Drawn apart as well.
  return widened(firstOf(seed), createRandom(seed ^ 0x9a7e5))
}

/** Some with limits that workflows share, or with other gates beside their own; some with an alarm that takes its object along. */
function widened(scenario: Scenario, random: Random): Scenario {
  const [first] = scenario.workflows
  const isGated = first?.gate !== undefined
  const calls = first?.calls !== undefined
  let wide = scenario
  if (random.chance(isGated ? 0.3 : calls ? 0.15 : 0.03)) wide = sharing(wide, random)
  if (isGated && random.chance(0.3)) wide = timed(wide, random)
  if (random.chance(isGated || calls || wide.shared !== undefined ? 0.4 : 0.08)) {
    const fault: Fault = { kind: 'alarm.fatal', nth: random.int(1, reach['alarm.fatal']) }
    wide = { ...wide, faults: [...wide.faults.slice(0, maxFaults - 1), fault] }
  }
  return wide
}

/** Its organization, or the installation, has a limit, and there are enough events for some to wait. */
function sharing(scenario: Scenario, random: Random): Scenario {
  const limit = () => random.pick([1, 1, 2])
  const shared = random.pick([
    { organization: limit() },
    { installation: limit() },
    { organization: limit(), installation: limit() },
  ])
  const listening = scenario.workflows.filter(({ isCalled }) => isCalled !== true).length
  const more = Array.from({ length: random.int(1, 3) }, (_, index) =>
    deliveryOf(random, scenario.deliveries.length + index, listening),
  )
  return { ...scenario, shared, deliveries: [...scenario.deliveries, ...more] }
}

/** Its first workflow lets through by time as well, or instead. */
function timed(scenario: Scenario, random: Random): Scenario {
  const [{ gate, ...first }, ...others] = scenario.workflows as [Workflow, ...Workflow[]]
  const keeps = gate !== undefined && random.chance(0.5) ? { gate } : {}
  const seconds = (most: number) => 1_000 * random.int(1, most)
  const by: Partial<Workflow> = random.chance(0.5)
    ? { throttle: { limit: random.pick([1, 2]), perMs: seconds(20), policy: random.pick(['delay', 'delay', 'drop']) } }
    : { debounce: { forMs: seconds(10), ...(random.chance(0.5) && { maxWaitMs: seconds(20) }) } }
  return { ...scenario, workflows: [{ ...first, ...keeps, ...by }, ...others] }
}

function firstOf(seed: number): Scenario {
  const random = createRandom(seed)
  const races = random.chance(0.2)
  // What came later draws from chance of its own: a number without it means what it always meant.
  const wider = createRandom(seed ^ 0xca11)
  const called = wider.chance(0.2) ? calledBy(seed, wider, races) : []
  const workflows = Array.from({ length: random.chance(0.15) ? 2 : 1 }, (_, index): Workflow => {
    const respond = random.pick(['immediately', 'finished'] as const)
    if (called.length === 0) return { program: programOf(seed * 7 + index, races), respond }
    return { program: callerOf(seed * 7 + index, wider, races, calleeIn(called, 0)), respond }
  })
  const deliveries = Array.from({ length: random.pick([1, 1, 1, 1, 1, 2, 3]) }, (_, number) =>
    deliveryOf(random, number, workflows.length),
  )
  const pausedAtMs = random.chance(0.05) ? random.int(0, 30) : null
  const first = workflows.length
  const all = [
    ...workflows.map((each) => (called.length === 0 ? each : { ...each, calls: first })),
    ...called.map((each, depth) => (depth === called.length - 1 ? each : { ...each, calls: first + depth + 1 })),
  ]
  const scenario = { seed, workflows: all, deliveries, pausedAtMs, faults: faultsOf(random), races }
  if (called.length > 0) return meddledWith(scenario, wider)
  return wider.chance(0.1) ? gated(scenario, wider) : scenario
}

/** Its first workflow has a gate, and there are enough events for some to wait at it. */
function gated(scenario: Scenario, random: Random): Scenario {
  const [first, ...others] = scenario.workflows
  const gate: ConcurrencySettings = {
    limit: random.pick([1, 1, 1, 2]),
    policy: random.pick(['queue', 'queue', 'drop', 'replace'] as const),
    // One per way by which events come.
    ...(random.chance(0.2) && { key: "{{ trigger.type ?? 'start' }}" }),
  }
  const more = Array.from({ length: random.int(1, 3) }, (_, index): Delivery => {
    const delivery = deliveryOf(random, scenario.deliveries.length + index, 1)
    return { ...delivery, atMs: random.chance(0.5) ? delivery.atMs : random.int(0, 6_000) }
  })
  const deliveries = [...scenario.deliveries, ...more]
  const faults = [...scenario.faults.slice(0, maxFaults - 1), between(random)]
  return { ...scenario, workflows: [{ ...first!, gate }, ...others], deliveries, faults }
}

/** One more thing that goes wrong between objects, of which there are more here. */
function between(random: Random): Fault {
  const kind = random.pick(['call.lost', 'call.lost', 'answer.lost', 'object.dies'] as const)
  return { kind, nth: random.int(1, 3 * reach[kind]) }
}

/** People have a hand in executions that call others more often than elsewhere, and more of them are about. */
function meddledWith(scenario: Scenario, random: Random): Scenario {
  const [first, ...others] = scenario.deliveries
  const more = {
    faults: [...scenario.faults.slice(0, maxFaults - 1), between(random)],
    ...(random.chance(0.1) && { closedAtMs: random.int(0, 3_000) }),
  }
  if (first === undefined || first.meanwhile !== null || random.chance(0.7)) return { ...scenario, ...more }
  const what = random.pick(['cancel', 'cancel', 'pause', 'redrive'] as const)
  // Often while somebody is just being called.
  const afterMs = random.chance(0.5) ? random.int(0, 60) : random.int(0, 6_000)
  const meanwhile = { what, afterMs, ...(random.chance(0.5) && { toChild: true as const }) }
  return { ...scenario, ...more, deliveries: [{ ...first, meanwhile }, ...others] }
}

/** Workflows of which each calls the next; the last one calls nobody. */
function calledBy(seed: number, random: Random, races: boolean): Workflow[] {
  const called: Workflow[] = []
  for (let depth = random.pick([1, 1, 2]); depth > 0; depth--) {
    const number = seed * 7 + 1 + depth
    const program =
      called.length === 0 ? programOf(number, races, 3) : callerOf(number, random, races, calleeIn(called, 0), 3)
    called.unshift({ program, respond: 'immediately', isCalled: true })
  }
  return called
}

function calleeIn(called: readonly Workflow[], index: number): Callee {
  const { program } = called[index]!
  return index === called.length - 1 ? { program } : { program, callee: calleeIn(called, index + 1) }
}

/** What a workflow of a scenario calls, as the model has it. */
export function calleeOf(workflows: readonly Workflow[], { calls }: Workflow): Callee | undefined {
  const called = calls === undefined ? undefined : workflows[calls]
  if (called === undefined) return undefined
  const callee = calleeOf(workflows, called)
  return callee === undefined ? { program: called.program } : { program: called.program, callee }
}

function deliveryOf(random: Random, number: number, workflows: number): Delivery {
  const again = random.chance(0.3) ? [random.pick([0, 1, 10, 3_000, 400_000, 8_000_000])] : []
  return {
    way: random.pick(['event', 'start', 'hook']),
    workflow: random.int(0, workflows - 1),
    number,
    atMs: random.int(0, 40),
    againMs: again,
    waits: random.chance(0.3),
    meanwhile: random.chance(0.12)
      ? { what: random.pick(['cancel', 'cancel', 'redrive']), afterMs: random.int(0, 6_000) }
      : null,
  }
}

/** What goes wrong in a run; `scale` times as far from its beginning as in a run of one workflow. */
export function faultsOf(random: Random, scale = 1): Fault[] {
  if (random.chance(0.05)) return []
  return Array.from({ length: random.int(1, maxFaults) }, () => {
    const kind = random.pick(faultKinds.filter((each) => each !== 'alarm.fatal'))
    return { kind, nth: random.int(1, scale * reach[kind]) }
  })
}

/** One that does something: of a few that are drawn, the first with a call, or else the first that is not too long. */
function programOf(seed: number, races: boolean, size = 5): Program {
  const acts = (program: Program) => program.nodes.some(({ kind, disabled }) => kind === 'call' && !disabled)
  const isShort = (program: Program) => interpret(program, null, 60) !== undefined
  // Mostly the first one will do.
  const first = withoutChildren(draw(seed, races, size, 1)[0]!)
  if (acts(first) && isShort(first)) return first
  const drawn = draw(seed, races, size, 4).map(withoutChildren)
  return drawn.find((program) => acts(program) && isShort(program)) ?? drawn.find(isShort) ?? only(drawn[0]!)
}

/** One that calls another: half of the calls it would make are calls of a workflow. */
function callerOf(seed: number, random: Random, races: boolean, callee: Callee, size = 5): Program {
  const delegates = (node: ProgramNode): ProgramNode =>
    node.kind === 'call' && random.chance(0.6) ? { ...node, kind: 'child' } : node
  const drawn = draw(seed, races, size, 6).map((program) => ({ ...program, nodes: program.nodes.map(delegates) }))
  const played = drawn.map((program) => ({ program, came: interpret(program, null, 60, callee) }))
  const short = played.filter(({ came }) => came !== undefined)
  const acts = short.find(({ came }) => came!.below > 0)
  return acts?.program ?? short[0]?.program ?? only(drawn[0]!)
}

/** The first so many of a seed. */
function draw(seed: number, races: boolean, size: number, numRuns: number): Program[] {
  const key = `${size} ${races}`
  const all = drawnFrom.get(key) ?? programs({ size, stops: true, ends: races, races })
  drawnFrom.set(key, all)
  return fc.sample(all, { seed, numRuns })
}

/** To say what may be drawn takes as long as to draw it. */
const drawnFrom = new Map<string, fc.Arbitrary<Program>>()

/** Where nobody is there to be called, such a step calls the target. */
function withoutChildren(program: Program): Program {
  const nodes = program.nodes.map((node): ProgramNode => (node.kind === 'child' ? { ...node, kind: 'call' } : node))
  return { ...program, nodes }
}

/** The trigger alone. */
function only(program: Program): Program {
  return { ...program, nodes: program.nodes.slice(0, 1), edges: [] }
}
