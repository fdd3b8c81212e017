// serve-with-outages: `scripts/serve.ts`, with databases that can be made to fail; see `with-outages.ts`

import { parseArgs } from 'node:util'
import { host, isBelow, varsFromEnvironment } from '../../server/environment.ts'
import { stopOnSignals } from '../../server/signals.ts'
import { startServer } from '../../server/start-server.ts'
import { withOutages } from './with-outages.ts'

const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } })

const server = await startServer({
  dataDir: values.data ?? '',
  host: host(),
  port: Number(values.port ?? 0),
  vars: varsFromEnvironment(),
  hasDemo: true,
  alter: withOutages,
  log: ({ level, message }) => isBelow(level) || process.stderr.write(`${message}\n`),
})
stopOnSignals(server)
process.stdout.write(`${JSON.stringify({ ready: true, url: server.url, pid: process.pid, demo: server.demo })}\n`)
