// npm run prove:*: proofs that take their time. docs/reliability.md says what each shows.
//
//   npm run prove:kill -- [--seed N] [--executions 3000] [--kills 60] [--still-ms 15000]
//   npm run prove:kill -- --boundaries     every boundary by itself, instead of any at random
//   npm run prove:sim -- [--of workflows|contacts] [--seed N] [--runs 20000] [--boundaries 0] [--failures 3]
//   npm run prove:mutants -- [--only name] [--runs 10000]
//   npm run prove:fair -- [--events 10000] [--connections 50] [--few 60] [--every-ms 250] [--limit 0] [--answer-ms 20]
//   npm run prove:timers -- [--seed N] [--quick] [--share 1]      and so: burst, outage, duplicates, database
//
// Each says what it does on stderr and gives a summary as JSON. Ends with 1 where a promise was broken.

import { ensureBuilt, worker } from './build/ensure-built.ts'
import type { StormOrder, StormReport } from './prove/storm/prove-storm.ts'
import { readOptions } from './read-options.ts'

const say = (text: string) => process.stderr.write(`${text}\n`)
const [proof, ...args] = process.argv.slice(2)
const freshSeed = String(Date.now() % 1_000_000)

async function kill(): Promise<{ isOk: boolean }> {
  const { values } = readOptions({
    args,
    options: {
      seed: { type: 'string', default: freshSeed },
      executions: { type: 'string', default: '3000' },
      kills: { type: 'string', default: '60' },
      boundaries: { type: 'boolean', default: false },
      'still-ms': { type: 'string', default: '15000' },
    },
  })
  const { proveKill } = await import('./prove/kill/prove-kill.ts')
  const { boundaries, storm } = await import('./prove/kill/rounds.ts')
  await ensureBuilt((title) => say(`Building the ${title}…`), [worker])
  say(`seed ${values.seed}`)
  const [executions, kills] = [Number(values.executions), Number(values.kills)]
  return proveKill({
    seed: Number(values.seed),
    rounds: values.boundaries ? boundaries : (random) => storm(random, { executions, kills }),
    stillMs: Number(values['still-ms']),
    say,
  })
}

async function sim(): Promise<{ isOk: boolean }> {
  const { values } = readOptions({
    args,
    options: {
      seed: { type: 'string', default: freshSeed },
      runs: { type: 'string', default: '20000' },
      boundaries: { type: 'string', default: '0' },
      failures: { type: 'string', default: '3' },
      of: { type: 'string', default: 'workflows' },
      quick: { type: 'boolean', default: false },
    },
  })
  const { proveSim, subjects } = await import('./prove/sim/prove-sim.ts')
  const of = subjects.find((subject) => subject === values.of)
  if (of === undefined) throw new Error(`--of is one of ${subjects.join(', ')}`)
  say(`seed ${values.seed}`)
  return proveSim({
    of,
    seed: Number(values.seed),
    runs: Number(values.runs),
    boundaries: Number(values.boundaries),
    maxFailures: Number(values.failures),
    isQuick: values.quick,
    say,
  })
}

async function mutants(): Promise<{ isOk: boolean }> {
  const { values } = readOptions({
    args,
    options: {
      only: { type: 'string', default: '' },
      runs: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
    },
  })
  const { proveMutants } = await import('./prove/mutants/prove-mutants.ts')
  return proveMutants({ only: values.only, runs: Number(values.runs), seed: Number(values.seed), say })
}

async function fair(): Promise<{ isOk: boolean }> {
  const { values } = readOptions({
    args,
    options: {
      events: { type: 'string', default: '10000' },
      connections: { type: 'string', default: '50' },
      few: { type: 'string', default: '60' },
      'every-ms': { type: 'string', default: '250' },
      limit: { type: 'string', default: '0' },
      'answer-ms': { type: 'string', default: '20' },
    },
  })
  const { proveFair } = await import('./prove/fair/prove-fair.ts')
  await ensureBuilt((title) => say(`Building the ${title}…`), [worker])
  return proveFair({
    events: Number(values.events),
    connections: Number(values.connections),
    few: Number(values.few),
    everyMs: Number(values['every-ms']),
    limit: Number(values.limit),
    answerMs: Number(values['answer-ms']),
    say,
  })
}

/** A storm on the running server. */
const storm = (load: () => Promise<(order: StormOrder) => Promise<StormReport>>) => async () => {
  const { values } = readOptions({
    args,
    options: {
      seed: { type: 'string', default: freshSeed },
      quick: { type: 'boolean', default: false },
      share: { type: 'string', default: '1' },
    },
  })
  const prove = await load()
  await ensureBuilt((title) => say(`Building the ${title}…`), [worker])
  say(`seed ${values.seed}`)
  return prove({ seed: Number(values.seed), isQuick: values.quick, share: Number(values.share), say })
}

const proofs = new Map<string, () => Promise<{ isOk: boolean }>>([
  ['kill', kill],
  ['sim', sim],
  ['mutants', mutants],
  ['fair', fair],
  ['timers', storm(async () => (await import('./prove/timers/prove-timers.ts')).proveTimers)],
  ['burst', storm(async () => (await import('./prove/burst/prove-burst.ts')).proveBurst)],
  ['outage', storm(async () => (await import('./prove/outage/prove-outage.ts')).proveOutage)],
  ['duplicates', storm(async () => (await import('./prove/duplicates/prove-duplicates.ts')).proveDuplicates)],
  ['database', storm(async () => (await import('./prove/database/prove-database.ts')).proveDatabase)],
])
const prove = proofs.get(proof ?? '')
if (prove === undefined) {
  say(`These are the proofs: ${[...proofs.keys()].join(', ')}.`)
  process.exit(1)
}
const report = await prove()
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exit(report.isOk ? 0 : 1)
