// prove-sim: the whole shell through millions of small disasters, each of which can be repeated
//
// A run is a scenario drawn from a number. Run i of `--seed s` has the number s + i, so a failing run is repeated by
// `--seed <its number> --runs 1`. There are scenarios of workflows, and those of contacts (`--of contacts`).

import '../../../test/simulation/shell/replace-modules.ts'
import type { Fault, FaultKind } from '../../../test/simulation/platform/faults.ts'
import type { Evidence } from '../../../test/simulation/run-scenario.ts'
import type { Violation } from '../../../test/simulation/judge.ts'

// After the modules were replaced.
const { shrink } = await import('../../../test/simulation/shrink.ts')
const { faultKinds } = await import('../../../test/simulation/platform/faults.ts')

/** What is simulated. */
export const subjects = ['workflows', 'contacts'] as const
export type Subject = (typeof subjects)[number]

type Seen = Pick<Evidence, 'steps' | 'trace' | 'stored' | 'ledger' | 'fired' | 'behaved' | 'snapshots'>

/** Scenarios of one kind: how they are drawn, played, judged and made smaller. */
interface Kind<Scenario, Shown extends Seen> {
  scenarioOf(seed: number): Scenario
  play(scenario: Scenario): Promise<Shown>
  judge(evidence: Shown): Violation[]
  smaller(scenario: Scenario): Iterable<Scenario>
  /** What objects leave to each other, with every alarm given up. */
  handOversOf(seed: number): Iterable<Scenario>
}

async function ofWorkflows() {
  const { runScenario: play } = await import('../../../test/simulation/run-scenario.ts')
  const { scenarioOf } = await import('../../../test/simulation/scenario.ts')
  const { judge } = await import('../../../test/simulation/judge.ts')
  const { smallerScenarios: smaller } = await import('../../../test/simulation/shrink.ts')
  const { handOversOf } = await import('../../../test/simulation/hand-overs.ts')
  return { scenarioOf, play, judge, smaller, handOversOf }
}

async function ofContacts() {
  const { runContacts: play } = await import('../../../test/simulation/contacts/run-contacts.ts')
  const { contactScenarioOf: scenarioOf, smallerContactScenarios: smaller } =
    await import('../../../test/simulation/contacts/contact-scenario.ts')
  const { judgeContacts: judge } = await import('../../../test/simulation/contacts/judge-contacts.ts')
  return { scenarioOf, play, judge, smaller, handOversOf: () => [] }
}

/** Longer ones say no more, and take longer. */
const maxBoundaries = 120

/** Of so many runs one is played twice, within these bounds. */
const repeated = { oneOf: 10, atLeast: 20, atMost: 100 }

export interface SimulationOrder {
  of: Subject
  seed: number
  runs: number
  /**
   * So many scenarios have the machine, and each object, die at every one of their events; and so many times what objects
   * leave to each other has every alarm given up.
   */
  boundaries: number
  /** Stops after so many failures. */
  maxFailures: number
  /** Tells failures as they are, and looks for no smaller ones. */
  isQuick: boolean
  say(text: string): void
}

export interface SimulationReport {
  isOk: boolean
  of: Subject
  seed: number
  runs: number
  events: number
  executions: number
  calls: number
  /** Executions that held a snapshot in the end. */
  snapshots: number
  /** Executions whose journal lay in more than one part in the end. */
  inParts: number
  seconds: number
  runsPerSecond: number
  /** How often each thing went wrong. */
  faults: Record<string, number>
  /** What the target did with calls. */
  target: Record<string, number>
  failures: { seed: number; violations: Violation[]; smallest: object }[]
}

/** Runs them all and judges each. */
export async function proveSim(order: SimulationOrder): Promise<SimulationReport> {
  return order.of === 'contacts' ? prove(order, await ofContacts()) : prove(order, await ofWorkflows())
}

async function prove<Scenario extends { seed: number; faults: Fault[] }, Shown extends Seen>(
  { of, seed, runs, boundaries, maxFailures, isQuick, say }: SimulationOrder,
  kind: Kind<Scenario, Shown>,
): Promise<SimulationReport> {
  const startedAt = performance.now()
  const report: SimulationReport = {
    isOk: true,
    of,
    seed,
    runs: 0,
    events: 0,
    executions: 0,
    calls: 0,
    snapshots: 0,
    inParts: 0,
    seconds: 0,
    runsPerSecond: 0,
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, 0])),
    target: {},
    failures: [],
  }

  const play = async (scenario: Scenario): Promise<Shown> => {
    const evidence = await kind.play(scenario)
    count(report, evidence)
    const violations = kind.judge(evidence)
    if (violations.length > 0) await tell(scenario, violations)
    return evidence
  }

  const tell = async (scenario: Scenario, violations: Violation[]): Promise<void> => {
    const [first] = violations
    say(`\nseed ${scenario.seed}: ${violations.map(({ oracle, what }) => `${oracle} ${what}`).join('\n  ')}`)
    const isSame = async (smaller: Scenario) =>
      kind.judge(await kind.play(smaller)).some(({ oracle }) => oracle === first?.oracle)
    const smallest = isQuick ? scenario : await shrink(scenario, (larger) => kind.smaller(larger), isSame)
    say(`  went wrong on the way: ${describe(smallest.faults)}`)
    say(`  smallest: ${JSON.stringify(smallest)}`)
    say(`  again: npm run prove:sim -- --of ${of} --seed ${scenario.seed} --runs 1`)
    report.failures.push({ seed: scenario.seed, violations, smallest })
  }

  const traces: number[] = []
  const twice = Math.min(Math.max(repeated.atLeast, runs / repeated.oneOf), repeated.atMost)
  const isEnough = () => report.failures.length >= maxFailures
  for (let run = 0; run < runs && !isEnough(); run++) {
    const { trace } = await play(kind.scenarioOf(seed + run))
    if (run < twice) traces.push(trace)
    if ((run + 1) % 10_000 === 0) say(`${run + 1} runs, ${Math.round((performance.now() - startedAt) / 1_000)} s`)
  }
  for (let run = 0; run < boundaries && !isEnough(); run++) {
    const scenario = { ...kind.scenarioOf(seed + run), faults: [] }
    const { steps } = await play(scenario)
    if (steps > maxBoundaries) continue
    for (let nth = 1; nth <= steps && !isEnough(); nth++) {
      for (const kind of ['machine.dies', 'power.cut', 'object.dies'] satisfies FaultKind[]) {
        await play({ ...scenario, faults: [{ kind, nth }] })
      }
    }
  }
  for (let run = 0; run < boundaries && !isEnough(); run++) {
    for (const scenario of kind.handOversOf(seed + run)) if (!isEnough()) await play(scenario)
  }
  // After all the others: a run that depends on the ones before it could not be repeated by its number.
  for (const [run, trace] of traces.entries()) {
    if (isEnough()) break
    const scenario = kind.scenarioOf(seed + run)
    const evidence = await kind.play(scenario)
    if (evidence.trace !== trace) await tell(scenario, [{ oracle: 'seed', what: 'went another way the second time' }])
  }
  report.isOk = report.failures.length === 0
  report.seconds = Math.round((performance.now() - startedAt) / 100) / 10
  report.runsPerSecond = Math.round(report.runs / report.seconds)
  return report
}

function count(report: SimulationReport, { steps, stored, ledger, fired, behaved, snapshots }: Seen): void {
  report.runs += 1
  report.events += steps
  report.executions += stored.length
  report.calls += ledger.length
  report.snapshots += snapshots
  report.inParts += stored.filter(({ parts }) => parts > 1).length
  for (const { kind } of fired) report.faults[kind] = (report.faults[kind] ?? 0) + 1
  for (const [what, times] of Object.entries(behaved)) report.target[what] = (report.target[what] ?? 0) + times
}

function describe(faults: readonly Fault[]): string {
  return faults.length === 0 ? 'nothing' : faults.map(({ kind, nth }) => `${kind} ${nth}`).join(', ')
}
