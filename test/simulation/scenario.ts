// scenario: one run as data: which workflows there are, what is sent when, what people do meanwhile, and what goes wrong

import fc from 'fast-check'
import { createRandom, type Random } from '../../scripts/prove/kill/random.ts'
import { interpret } from '../engine/support/model.ts'
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
  /** What somebody does so long after it was acknowledged, to each execution of it. */
  meanwhile: { what: 'cancel' | 'redrive'; afterMs: number } | null
}

export interface Scenario {
  seed: number
  workflows: { program: Program; respond: 'immediately' | 'finished' }[]
  deliveries: Delivery[]
  /** When the first workflow is paused, if ever. */
  pausedAtMs: number | null
  faults: Fault[]
  /** What comes of a program depends on time, so the model can not say it. */
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
  'database.fails': 8,
  'database.silent': 8,
}

/** Deaths of one object may lose a call each, and after five losses a call is given up: that is not what is looked for. */
const maxFaults = 4

/** The scenario of a seed. */
export function scenarioOf(seed: number): Scenario {
  const random = createRandom(seed)
  const races = random.chance(0.2)
  const workflows = Array.from({ length: random.chance(0.15) ? 2 : 1 }, (_, index) => ({
    program: programOf(seed * 7 + index, races),
    respond: random.pick(['immediately', 'finished'] as const),
  }))
  const deliveries = Array.from({ length: random.pick([1, 1, 1, 1, 1, 2, 3]) }, (_, number) =>
    deliveryOf(random, number, workflows.length),
  )
  const pausedAtMs = random.chance(0.05) ? random.int(0, 30) : null
  return { seed, workflows, deliveries, pausedAtMs, faults: faultsOf(random), races }
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

function faultsOf(random: Random): Fault[] {
  if (random.chance(0.05)) return []
  return Array.from({ length: random.int(1, maxFaults) }, () => {
    const kind = random.pick(faultKinds)
    return { kind, nth: random.int(1, reach[kind]) }
  })
}

/** One that does something: of a few that are drawn, the first with a call, or else the first that is not too long. */
function programOf(seed: number, races: boolean): Program {
  const traits = { size: 5, stops: true, ends: races, races }
  const drawn = fc.sample(programs(traits), { seed, numRuns: 4 }).map(withoutChildren)
  const acts = (program: Program) => program.nodes.some(({ kind, disabled }) => kind === 'call' && !disabled)
  const isShort = (program: Program) => interpret(program, null, 60) !== undefined
  return drawn.find((program) => acts(program) && isShort(program)) ?? drawn.find(isShort) ?? only(drawn[0]!)
}

/** Executions that call others are proved elsewhere: here such a step calls the target. */
function withoutChildren(program: Program): Program {
  const nodes = program.nodes.map((node): ProgramNode => (node.kind === 'child' ? { ...node, kind: 'call' } : node))
  return { ...program, nodes }
}

/** The trigger alone. */
function only(program: Program): Program {
  return { ...program, nodes: program.nodes.slice(0, 1), edges: [] }
}
