// prove-mutants: whether the proofs can see
//
// Each mutant is made in a copy of the source, and the simulation, or the test that is named, has to fail because of it.

import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bin, root } from '../../paths.ts'
import type { SimulationReport, Subject } from '../sim/prove-sim.ts'
import { apply } from './apply.ts'
import { mutants, type Mutant } from './mutants.ts'

const run = promisify(execFile)

export interface MutantsOrder {
  /** Only this one; all when empty. */
  only: string
  /** Within so many runs the simulation has to notice. */
  runs: number
  seed: number
  say(text: string): void
}

export interface MutantsReport {
  isOk: boolean
  caught: number
  of: number
  mutants: { name: string; says: string; isCaught: boolean; how: string; seconds: number }[]
}

/** What is simulated by whom mutants name. */
const subjects = new Map<string, Subject>([
  ['simulation', 'workflows'],
  ['simulation of contacts', 'contacts'],
])

/** What is copied: all that the simulation and the tests of plain Node read. */
const copied = [
  'worker',
  'test',
  'scripts',
  'migrations',
  'docs',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'wrangler.toml',
]

/** Makes them one after the other. */
export async function proveMutants({ only, runs, seed, say }: MutantsOrder): Promise<MutantsReport> {
  const chosen = mutants.filter(({ name }) => only === '' || name === only)
  const folder = mkdtempSync(join(tmpdir(), 'leat-mutants-'))
  const report: MutantsReport = { isOk: false, caught: 0, of: chosen.length, mutants: [] }
  try {
    const isOurs = (path: string) => !path.includes('.artifacts')
    for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true, filter: isOurs })
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const mutant of chosen) {
      const startedAt = performance.now()
      const takeBack = apply(folder, mutant.edits)
      const caught = await notice(folder, mutant, { runs, seed })
      takeBack()
      // What fails without the mutant has not seen the mutant.
      const isSeen = caught !== null && !(await caught.again())
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10
      const how = caught === null ? 'nobody noticed' : isSeen ? caught.how : `fails without it too: ${caught.how}`
      report.caught += Number(isSeen)
      report.mutants.push({ name: mutant.name, says: mutant.says, isCaught: isSeen, how, seconds })
      say(`${isSeen ? '✓' : '✗'} ${mutant.name}: ${how} (${seconds} s)`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  say(`${report.caught} of ${report.of}`)
  report.isOk = report.of > 0 && report.caught === report.of
  return report
}

type Caught = { how: string; again: () => Promise<boolean> }

/** What noticed it; null when nothing did. `again` asks the same of whatever the source is then: whether it still fails. */
async function notice(
  folder: string,
  { caughtBy }: Mutant,
  { runs, seed }: Pick<MutantsOrder, 'runs' | 'seed'>,
): Promise<Caught | null> {
  const subject = subjects.get(caughtBy)
  if (subject === undefined) {
    const failed = await runTest(folder, caughtBy)
    const again = async () => (await runTest(folder, caughtBy)) > 0
    return failed === 0 ? null : { how: `${caughtBy}: ${failed} tests fail`, again }
  }
  const { failures, runs: played } = await simulate(folder, subject, { runs, seed })
  const [failure] = failures
  if (failure === undefined) return null
  const [first] = failure.violations
  const again = async () => (await simulate(folder, subject, { runs: 1, seed: failure.seed })).failures.length > 0
  return { how: `${caughtBy}, run ${played}: ${first?.oracle} ${first?.what.split('\n')[0]?.slice(0, 120)}`, again }
}

async function simulate(
  folder: string,
  subject: Subject,
  { runs, seed }: Pick<MutantsOrder, 'runs' | 'seed'>,
): Promise<SimulationReport> {
  const options = ['--of', subject, '--runs', String(runs), '--seed', String(seed), '--failures', '1', '--quick']
  const args = ['--disable-warning=ExperimentalWarning', join(folder, 'scripts/prove.ts'), 'sim', ...options]
  const { stdout, stderr } = await outcomeOf(bin('node'), args, folder)
  if (!stdout.trimEnd().endsWith('}')) throw new Error(`The simulation ended without a report: ${stderr.slice(-2_000)}`)
  return JSON.parse(stdout) as SimulationReport
}

/** How many tests fail. */
async function runTest(folder: string, file: string): Promise<number> {
  const output = join(folder, 'output.json')
  rmSync(output, { force: true })
  const args = ['run', '--project', 'node', file, '--reporter', 'json', '--outputFile.json', output]
  const { stderr } = await outcomeOf(bin('vitest'), args, folder)
  if (!existsSync(output)) throw new Error(`The test ended without a report: ${stderr.slice(-2_000)}`)
  return (JSON.parse(readFileSync(output, 'utf8')) as { numFailedTests: number }).numFailedTests
}

interface Outcome {
  stdout: string
  stderr: string
  code: number
}

async function outcomeOf(file: string, args: string[], cwd: string): Promise<Outcome> {
  try {
    return { ...(await run(file, args, { cwd, maxBuffer: 1 << 26 })), code: 0 }
  } catch (error) {
    return error as Outcome
  }
}
