// node scripts/run.js web-size: what each page of the built web app loads of JavaScript before it can be used.
// Fails when a page other than the builder takes more than the budget. `--json` prints one line for machines.

import { firstLoads } from './build/first-load.ts'

/** Of compressed JavaScript, in bytes. */
const budget = 250_000
const builder = '/workflows/[workflowId]'

const loads = firstLoads().sort((a, b) => b.bytes - a.bytes)
const over = loads.filter(({ page, bytes }) => page !== builder && bytes > budget)

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify(Object.fromEntries(loads.map(({ page, bytes }) => [page, bytes])))}\n`)
} else {
  for (const { page, files, bytes } of loads) {
    process.stdout.write(`${(bytes / 1_000).toFixed(1).padStart(7)} kB  ${String(files).padStart(3)} files  ${page}\n`)
  }
}
for (const { page, bytes } of over) {
  process.stderr.write(`${page} loads ${(bytes / 1_000).toFixed(1)} kB; it may load ${budget / 1_000} kB.\n`)
}
process.exit(over.length === 0 ? 0 : 1)
