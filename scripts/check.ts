// npm run check: format, lint and types, at once.

import { checks } from './steps/checks.ts'

const outcomes = await Promise.all(checks.map(async (step) => ({ title: step.title, ...(await step.run()) })))
for (const { title, isOk, output } of outcomes) {
  process.stdout.write(`${isOk ? '✓' : '✗'} ${title}\n`)
  if (!isOk) process.stdout.write(`\n${output}\n`)
}
process.exit(outcomes.every(({ isOk }) => isOk) ? 0 : 1)
