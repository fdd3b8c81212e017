// contact-scenario: a run about contacts as data: who is let in by what, what happens to whom when, and what goes wrong

import { createRandom, type Random } from '../../../scripts/prove/kill/random.ts'
import { faultsOf, maxFaults } from '../scenario.ts'
import type { Fault } from '../platform/faults.ts'
import type { Test } from './tests.ts'

/** What an execution does, one after the other; a step that acts goes on when what it asks for is refused. */
export type Step = { kind: 'call' } | { kind: 'wait'; forMs: number } | { kind: 'tag'; tag: string }

export interface GoalRule {
  id: string
  test: Test
  follows: 'continue' | 'exit' | 'goto'
  /** To which step, by its place. */
  goTo: number
}

/** What a workflow says of who may enter, and of what it wants of them. */
export interface Rules {
  entry: Test | null
  exit: Test | null
  allowMultiple: boolean
  limit: number | null
  windowMs: number | null
  delayMs: number | null
  removeOnGoal: boolean
  goals: GoalRule[]
}

export interface ContactWorkflow {
  /** A type of events, or a pattern. */
  listensTo: string
  steps: Step[]
  /** Null: it says nothing. */
  rules: Rules | null
  isBeyondLimits: boolean
}

/** What somebody outside does, again and again until it is acknowledged. */
export type Deed = { atMs: number; contact: number; number: number } & (
  | { what: 'event'; type: string; total: number; againMs: number[] }
  | { what: 'change'; add: string[]; remove: string[]; firstName: string | null; email: string | null }
  | { what: 'delete' }
)

export interface ContactScenario {
  seed: number
  contacts: number
  workflows: ContactWorkflow[]
  /** What the organization says of all its workflows. */
  limit: { limit: number; windowMs: number } | null
  deeds: Deed[]
  faults: Fault[]
}

const tags = ['lead', 'vip', 'gone']
const eventTypes = ['order.paid', 'order.seen']
/** What workflows listen to: what comes from outside, and what follows from it. */
const patterns = {
  outside: ['order.paid', 'order.paid', 'order.paid', 'order.*'],
  own: ['contact.tag.added', 'contact.*', 'enrollment:blocked', 'goal:achieved'],
}
/** By when the last thing happens from outside, in ms. */
const spanMs = 60_000

/** The scenario of a seed. */
export function contactScenarioOf(seed: number): ContactScenario {
  const random = createRandom(seed ^ 0xc0e7ac7)
  const contacts = random.pick([1, 1, 2])
  const workflows = Array.from({ length: random.pick([1, 1, 2, 2, 3]) }, (_, index) => workflowOf(random, index))
  const limit = random.chance(0.2) ? { limit: random.int(1, 3), windowMs: random.pick([60_000, 3_600_000]) } : null
  const deeds = Array.from({ length: random.int(2, 6) }, (_, number) => deedOf(random, number, contacts))
  const faults = faultsOf(random, random.pick([1, 3, 6]))
  // What came later draws from chance of its own: a number without it means what it always meant.
  const later = createRandom(seed ^ 0x9a7e5)
  const fatal = later.chance(0.2) ? [{ kind: 'alarm.fatal', nth: later.int(1, 40) } as const] : []
  return { seed, contacts, workflows, limit, deeds, faults: [...faults.slice(0, maxFaults - fatal.length), ...fatal] }
}

function workflowOf(random: Random, index: number): ContactWorkflow {
  const listensTo = random.pick(index === 0 ? patterns.outside : [...patterns.outside, ...patterns.own])
  const steps = Array.from({ length: random.pick([0, 1, 2, 2, 3]) }, () => stepOf(random))
  return {
    listensTo,
    steps,
    rules: random.chance(0.85) ? rulesOf(random, steps.length) : null,
    isBeyondLimits: random.chance(0.2),
  }
}

function stepOf(random: Random): Step {
  const kind = random.pick(['call', 'wait', 'wait', 'wait', 'tag'] as const)
  switch (kind) {
    case 'call':
      return { kind }
    case 'wait':
      return { kind, forMs: random.pick([0, 1_000, 30_000, 60_000, 120_000, 600_000]) }
    case 'tag':
      return { kind, tag: random.pick(tags) }
  }
}

function rulesOf(random: Random, steps: number): Rules {
  const limit = random.chance(0.2) ? random.int(1, 2) : null
  const goals = Array.from({ length: random.pick([0, 1, 2, 2]) }, (_, index): GoalRule => ({
    id: `g${index}`,
    test: testOf(random),
    follows: random.pick(['continue', 'exit', 'goto', 'goto']),
    goTo: random.int(0, Math.max(0, steps - 1)),
  }))
  return {
    entry: random.chance(0.15) ? testOf(random) : null,
    exit: random.chance(0.2) ? testOf(random) : null,
    allowMultiple: random.chance(0.3),
    limit,
    windowMs: limit !== null && random.chance(0.7) ? random.pick([10_000, 60_000]) : null,
    delayMs: random.chance(0.2) ? random.pick([5_000, 60_000]) : null,
    removeOnGoal: random.chance(0.2),
    // Where nobody is, nobody can be sent.
    goals: goals.map((goal) => (steps === 0 && goal.follows === 'goto' ? { ...goal, follows: 'exit' } : goal)),
  }
}

function testOf(random: Random): Test {
  const kind = random.pick(['type', 'type', 'total', 'total', 'tag', 'name'] as const)
  switch (kind) {
    case 'type':
      return { kind, type: random.pick(['order.seen', 'order.seen', 'order.paid', 'contact.tag.added']) }
    case 'total':
      return { kind, above: random.pick([20, 50, 80]) }
    case 'tag':
      return { kind, tag: random.pick(tags) }
    case 'name':
      return { kind, is: random.pick(['Ada', 'Grace']) }
  }
}

function deedOf(random: Random, number: number, contacts: number): Deed {
  const atMs = random.chance(0.3) ? random.int(0, 200) : random.int(200, spanMs)
  const some = { atMs, contact: random.int(0, contacts - 1), number }
  if (random.chance(0.7)) {
    const againMs = random.chance(0.2) ? [random.pick([0, 1, 10, 3_000, 400_000])] : []
    return { ...some, what: 'event', type: random.pick(eventTypes), total: random.int(0, 100), againMs }
  }
  if (random.chance(0.12)) return { ...some, what: 'delete' }
  return {
    ...some,
    what: 'change',
    // What nobody else adds tells one change from another.
    add: [`c${number}`, ...(random.chance(0.5) ? [random.pick(tags)] : [])],
    remove: random.chance(0.3) ? [random.pick(tags)] : [],
    firstName: random.chance(0.3) ? random.pick(['Ada', 'Grace']) : null,
    email: random.chance(0.3) ? random.pick(['one@leat.test', 'other@leat.test']) : null,
  }
}

/** Each with one thing less. */
export function* smallerContactScenarios(scenario: ContactScenario): Generator<ContactScenario> {
  const { faults, deeds, workflows, limit } = scenario
  for (const index of faults.keys()) yield { ...scenario, faults: faults.toSpliced(index, 1) }
  for (const index of deeds.keys()) yield { ...scenario, deeds: deeds.toSpliced(index, 1) }
  if (limit !== null) yield { ...scenario, limit: null }
  for (const index of workflows.keys()) {
    if (workflows.length > 1) yield { ...scenario, workflows: workflows.toSpliced(index, 1) }
  }
  for (const [index, deed] of deeds.entries()) {
    const change = (less: Deed) => ({ ...scenario, deeds: deeds.with(index, less) })
    if (deed.what === 'event' && deed.againMs.length > 0) yield change({ ...deed, againMs: [] })
    if (deed.what === 'change' && deed.email !== null) yield change({ ...deed, email: null })
    if (deed.what === 'change' && deed.firstName !== null) yield change({ ...deed, firstName: null })
    if (deed.what === 'change' && deed.remove.length > 0) yield change({ ...deed, remove: [] })
  }
  for (const [index, workflow] of workflows.entries()) {
    const change = (less: Partial<ContactWorkflow>) => {
      return { ...scenario, workflows: workflows.with(index, { ...workflow, ...less }) }
    }
    const { rules, steps } = workflow
    if (workflow.isBeyondLimits) yield change({ isBeyondLimits: false })
    if (rules === null) continue
    if (rules.goals.every(({ follows }) => follows !== 'goto')) {
      for (const at of steps.keys()) yield change({ steps: steps.toSpliced(at, 1) })
    }
    for (const at of rules.goals.keys()) yield change({ rules: { ...rules, goals: rules.goals.toSpliced(at, 1) } })
    if (rules.entry !== null) yield change({ rules: { ...rules, entry: null } })
    if (rules.exit !== null) yield change({ rules: { ...rules, exit: null } })
    if (rules.limit !== null) yield change({ rules: { ...rules, limit: null, windowMs: null } })
    if (rules.delayMs !== null) yield change({ rules: { ...rules, delayMs: null } })
    if (rules.removeOnGoal) yield change({ rules: { ...rules, removeOnGoal: false } })
  }
}
