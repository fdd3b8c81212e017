// server.ts --data FOLDER [--inspect]: the product with the bench's reference in the same workerd. Says on one line of JSON when it
// serves, and ends with the process that started it.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { varsFromEnvironment } from '../server/environment.ts'
import { stopOnSignals } from '../server/signals.ts'
import { startServer } from '../server/start-server.ts'
import { referenceName, referenceOptions } from './reference.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, inspect: { type: 'boolean', default: false } } })
if (values.data === undefined) throw new Error('Name the data folder with --data.')

const folder = values.data
const server = await startServer({
  dataDir: folder,
  host: '127.0.0.1',
  port: 0,
  vars: varsFromEnvironment(),
  hasDemo: true,
  companions: [referenceOptions()],
  ...(values.inspect ? { inspectorPort: 0 } : {}),
  log: ({ level, message }) => level === 'error' && process.stderr.write(`${message}\n`),
})
stopOnSignals(server)
const ready = {
  demo: server.demo,
  reference: await server.companionUrl(referenceName),
  ...(values.inspect ? { inspector: await server.inspectorUrl() } : {}),
  // Where the databases have no process of their own there is one.
  runtimePids: ['runtime.pid', 'databases.pid']
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file))
    .map((file) => Number(readFileSync(file, 'utf8'))),
}
process.stdout.write(`${JSON.stringify(ready)}\n`)
