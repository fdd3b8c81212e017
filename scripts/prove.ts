// npm run prove:kill: thousands of executions through dozens of power cuts, judged by what the outside world saw.
//
//   npm run prove:kill -- [--seed N] [--executions 3000] [--kills 60] [--still-ms 15000]
//   npm run prove:kill -- --boundaries     every boundary by itself, instead of any at random
//
// Says what it does on stderr and gives a summary as JSON. Ends with 1 where a promise was broken; docs/reliability.md
// says what is promised.

import { parseArgs } from 'node:util'
import { ensureBuilt, worker } from './build/ensure-built.ts'
import { proveKill } from './prove/kill/prove-kill.ts'
import { boundaries, storm } from './prove/kill/rounds.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    executions: { type: 'string', default: '3000' },
    kills: { type: 'string', default: '60' },
    boundaries: { type: 'boolean', default: false },
    'still-ms': { type: 'string', default: '15000' },
  },
})
const say = (text: string) => process.stderr.write(`${text}\n`)

if (positionals[0] !== 'kill') {
  say('There is one proof: kill.')
  process.exit(1)
}
await ensureBuilt((title) => say(`Building the ${title}…`), [worker])
say(`seed ${values.seed}`)
const [executions, kills] = [Number(values.executions), Number(values.kills)]
const report = await proveKill({
  seed: Number(values.seed),
  rounds: values.boundaries ? boundaries : (random) => storm(random, { executions, kills }),
  stillMs: Number(values['still-ms']),
  say,
})
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
process.exit(report.isOk ? 0 : 1)
