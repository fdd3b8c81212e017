// npm test: everything there is to know about this checkout. The last line counts.
//
//   npm test                    all of it
//   npm test -- node server     these suites only (see vitest.config.ts)

import { builds } from './steps/builds.ts'
import { checks } from './steps/checks.ts'
import type { Step } from './steps/step.ts'
import { runSuite, type Suite, suites, type Tally } from './steps/suites.ts'

const names = ['check', 'build', ...suites]
const chosen = process.argv.slice(2)
const unknown = chosen.find((name) => !names.includes(name))
if (unknown !== undefined) {
  process.stderr.write(`There is nothing to test called "${unknown}". There are ${names.join(', ')}.\n`)
  process.exit(1)
}
const isChosen = (name: string) => chosen.length === 0 || chosen.includes(name)
const say = (text: string) => process.stdout.write(`${text}\n`)

interface Line extends Tally {
  title: string
  seconds: number
}

const since = (startedAt: number) => (performance.now() - startedAt) / 1000

/** Something to do, by the title it has in the summary. */
interface Task {
  title: string
  run(): Promise<Tally>
}

function stepTask({ title, run }: Step): Task {
  return {
    title,
    async run() {
      const { isOk, output } = await run()
      return { passed: Number(isOk), failed: Number(!isOk), skipped: 0, failures: isOk ? [] : [output] }
    },
  }
}

function suiteTask(suite: Suite): Task {
  return {
    title: `tests: ${suite}`,
    run() {
      say(`\n── tests: ${suite}`)
      return runSuite(suite)
    },
  }
}

const done = new Map<string, Line>()

async function perform({ title, run }: Task): Promise<void> {
  const startedAt = performance.now()
  const tally = await run()
  done.set(title, { title, ...tally, seconds: since(startedAt) })
}

const checkTasks = isChosen('check') ? checks.map(stepTask) : []
const buildTasks = isChosen('build') ? builds.map(stepTask) : []
const suiteTasks = (...wanted: readonly Suite[]) => wanted.filter(isChosen).map(suiteTask)

// Servers are started from what was built, and how fast the Worker starts is measured while nothing else runs.
for (const task of buildTasks) await perform(task)
// What computes beside what mostly waits: two cores are busy, and none of it measures time. A lane that has done its own
// takes over what the other one would do last.
const computing = suiteTasks('node', 'workerd')
const waiting = [...suiteTasks('server', 'e2e'), ...checkTasks, ...suiteTasks('web')]
const work = async (own: Task[], other: Task[]) => {
  const next = () => own.shift() ?? other.pop()
  for (let task = next(); task !== undefined; task = next()) await perform(task)
}
await Promise.all([work(computing, waiting), work(waiting, computing)])

const inOrder = [...checkTasks, ...buildTasks, ...suiteTasks(...suites)]
const lines = inOrder.map(({ title }) => done.get(title)!)

const sum = (key: 'passed' | 'failed') => lines.reduce((total, line) => total + line[key], 0)
const width = Math.max(...lines.map(({ title }) => title.length))

say('')
for (const { title, failures } of lines) for (const failure of failures) say(`✗ ${title}: ${failure}\n`)
for (const { title, passed, failed, skipped, seconds } of lines) {
  const counts = `${String(passed).padStart(6)} passed ${String(failed).padStart(4)} failed`
  const left = skipped > 0 ? `, ${skipped} skipped` : ''
  say(`${failed > 0 ? '✗' : '✓'} ${title.padEnd(width)} ${counts} ${seconds.toFixed(1).padStart(7)} s${left}`)
}
say('')
say(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') > 0 ? 1 : 0
