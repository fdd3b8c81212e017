// serve
//
// The server and nothing else, for tests, benches and proofs: it serves what was built and says on one line of JSON
// when it does. `npm start` is the one for people.
//
//   node scripts/serve.ts [--port 0] [--host 127.0.0.1] [--data .leat] [--no-demo]
//
// Variables of wrangler.toml come from the environment.

import { readOptions } from './read-options.ts'
import { dataDir, host, isBelow, varsFromEnvironment } from './server/environment.ts'
import { stopOnSignals } from './server/signals.ts'
import { startServer } from './server/start-server.ts'

const { values } = readOptions({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: host() },
    data: { type: 'string', default: dataDir() },
    'no-demo': { type: 'boolean', default: false },
  },
})

const server = await startServer({
  dataDir: values.data,
  host: values.host,
  port: Number(values.port),
  vars: varsFromEnvironment(),
  hasDemo: !values['no-demo'],
  log: ({ level, message }) => isBelow(level) || process.stderr.write(`${message}\n`),
})
stopOnSignals(server)
process.stdout.write(`${JSON.stringify({ ready: true, url: server.url, pid: process.pid, demo: server.demo })}\n`)
