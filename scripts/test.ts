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

async function runStep({ title, run }: Step): Promise<Line> {
  const startedAt = performance.now()
  const { isOk, output } = await run()
  if (!isOk) say(`\n✗ ${title}\n${output}\n`)
  return { title, passed: Number(isOk), failed: Number(!isOk), skipped: 0, failures: [], seconds: since(startedAt) }
}

async function runTests(suite: Suite): Promise<Line> {
  say(`\n── tests: ${suite}`)
  const startedAt = performance.now()
  return { title: `tests: ${suite}`, ...(await runSuite(suite)), seconds: since(startedAt) }
}

const since = (startedAt: number) => (performance.now() - startedAt) / 1000

const lines: Line[] = []
for (const step of isChosen('check') ? checks : []) lines.push(await runStep(step))
for (const step of isChosen('build') ? builds : []) lines.push(await runStep(step))
// What computes beside what mostly waits: two cores are busy, and none of it measures time.
const lanes: Suite[][] = [
  ['node', 'workerd'],
  ['server', 'e2e', 'web'],
]
const tested = new Map<Suite, Line>()
await Promise.all(
  lanes.map(async (lane) => {
    for (const suite of lane.filter(isChosen)) tested.set(suite, await runTests(suite))
  }),
)
lines.push(...suites.flatMap((suite) => tested.get(suite) ?? []))

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
