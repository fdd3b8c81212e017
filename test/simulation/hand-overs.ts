// hand-overs: small workflows at the moments at which one object leaves something to another
//
// Random scenarios seldom have an alarm given up, its object die and nothing else to look for it at just that moment. Here
// every alarm of a run is given up once, a moment before its object dies: whatever was committed with it has nobody left but
// those who hear of it, and whoever sweeps.

import { plainNode, type ProgramNode } from '../engine/support/program.ts'
import { createRandom } from '../../scripts/prove/kill/random.ts'
import type { Fault } from './platform/faults.ts'
import type { Delivery, Scenario, Workflow } from './scenario.ts'

/** About as many alarms as are set in one of these, or some more. */
const maxAlarms = 14
/** Calls between objects, of which one is lost as well. */
const calls = { from: 5, to: 24 }

/** Each of them with each alarm, alone and with a call that is lost. */
export function* handOversOf(seed: number): Generator<Scenario> {
  const random = createRandom(seed ^ 0xa1a2)
  for (const [index, plain] of plainOf(seed).entries()) {
    for (let nth = 1; nth <= maxAlarms; nth++) {
      const fatal: Fault = { kind: 'alarm.fatal', nth }
      const lost: Fault = { kind: 'call.lost', nth: random.int(calls.from, calls.to) }
      // Each of its own number: chance of its own, so that the object dies a little sooner or later.
      const scenario = { ...plain, seed: (seed * 16 + nth) * 8 + index }
      yield { ...scenario, faults: [fatal] }
      yield { ...scenario, faults: [fatal, lost] }
    }
  }
}

function plainOf(seed: number): Scenario[] {
  const called: Workflow = { ...workflowOf('wait'), isCalled: true }
  const calling = { ...workflowOf('child', 'call'), calls: 1 }
  const afterMs = 1_000 + (seed % 5) * 1_000
  const queue = { ...workflowOf('call', 'wait'), gate: { limit: 1, policy: 'queue' } as const }
  const replaced = { ...workflowOf('wait', 'call'), gate: { limit: 1, policy: 'replace' } as const }
  return [
    scenarioOf([calling, called], [delivery(0)]),
    scenarioOf([calling, called], [delivery(0, { what: 'cancel', afterMs })]),
    scenarioOf([workflowOf('wait', 'call')], [delivery(0, { what: 'pause', afterMs })]),
    scenarioOf([queue], [delivery(0), delivery(1)]),
    scenarioOf([replaced], [delivery(0), { ...delivery(1), atMs: afterMs }]),
    { ...scenarioOf([calling, called], [delivery(0), delivery(1)]), shared: { organization: 1 } },
  ]
}

function scenarioOf(workflows: Workflow[], deliveries: Delivery[]): Scenario {
  return { seed: 0, workflows, deliveries, pausedAtMs: null, faults: [], races: false }
}

function delivery(number: number, meanwhile: Delivery['meanwhile'] = null): Delivery {
  return { way: 'start', workflow: 0, number, atMs: number, againMs: [], waits: false, meanwhile }
}

/** Nodes one after the other. */
function workflowOf(...kinds: ProgramNode['kind'][]): Workflow {
  const nodes = (['trigger', ...kinds] as const).map((kind, index) => nodeOf(`n${index}`, kind))
  const edges = kinds.map((_, index) => ({ source: `n${index}`, port: 'out', target: `n${index + 1}` }))
  return { program: { nodes, edges, handled: false, cleansUp: false }, respond: 'immediately' }
}

function nodeOf(id: string, kind: ProgramNode['kind']): ProgramNode {
  return { ...plainNode, id, kind, onError: 'stop', collects: false }
}
