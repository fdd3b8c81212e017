// npm run build: the web app into web/build, the Worker into dist/worker. Says nothing where both are up to date.

import { ensureBuilt } from './build/ensure-built.ts'

try {
  await ensureBuilt((title) => process.stdout.write(`Building the ${title}…\n`))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
