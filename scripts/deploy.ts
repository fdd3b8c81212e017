// npm run deploy: checks, builds, migrates, deploys. What must exist before the first time: docs/deploy.md.
//
//   npm run deploy -- --dry-run   everything but the last two

import { ensureBuilt } from './build/ensure-built.ts'
import { runProgram } from './build/run-program.ts'
import { bin } from './paths.ts'
import { checks } from './steps/checks.ts'

const args = process.argv.slice(2)
const say = (text: string) => process.stdout.write(`${text}\n`)

async function mustRun(...command: string[]): Promise<void> {
  const { isOk } = await runProgram(bin('wrangler'), command, { show: true })
  if (!isOk) process.exit(1)
}

for (const { title, run } of checks) {
  const { isOk, output } = await run()
  say(`${isOk ? '✓' : '✗'} ${title}`)
  if (!isOk) {
    say(output)
    process.exit(1)
  }
}
await ensureBuilt((title) => say(`Building the ${title}…`))

// Before the code that needs them: a migration only ever adds what the running version does not mind.
if (!args.includes('--dry-run')) {
  await mustRun('d1', 'migrations', 'apply', 'DB', '--remote')
  await mustRun('d1', 'migrations', 'apply', 'LOGS', '--remote')
}
await mustRun('deploy', ...args)
