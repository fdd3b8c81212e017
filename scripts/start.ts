// npm start: builds what changed, serves it, says how to use it.

import { ensureBuilt } from './build/ensure-built.ts'
import { readNoOptions } from './read-options.ts'
import type { Demo } from './server/demo.ts'
import { checkSettings, dataDir, host, isBelow, port, varsFromEnvironment } from './server/environment.ts'
import { giveUp } from './server/give-up.ts'
import { stopOnSignals } from './server/signals.ts'
import { startServer } from './server/start-server.ts'

const say = (text: string) => process.stdout.write(`${text}\n`)

function describe(demo: Demo): string {
  return `
  Leat is running at ${demo.url}

  Sign in     ${demo.email}
  Password    ${demo.password}

  Fire the sample workflow and see its result:

  curl -s ${demo.hookUrl} -H 'content-type: application/json' -d '{"name":"Ada","score":72}'

  The same request within a minute is a second delivery of the same event: change it to start another execution.

  Stop with Ctrl-C. Everything is kept in ${dataDir()}.
`
}

readNoOptions('Settings are variables: PORT, HOST, LEAT_DATA, LEAT_EGRESS_ALLOW, LEAT_LOG.')
try {
  checkSettings()
  await ensureBuilt((title) => say(`Building the ${title}…`))
  const server = await startServer({
    dataDir: dataDir(),
    host: host(),
    port: port(),
    vars: varsFromEnvironment(),
    hasDemo: true,
    log: ({ level, message }) => isBelow(level) || process.stderr.write(`${message}\n`),
  })
  stopOnSignals(server)
  if (server.demo !== null) say(describe(server.demo))
} catch (error) {
  giveUp(error)
}
