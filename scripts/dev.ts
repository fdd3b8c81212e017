// npm run dev: for people who change Leat. The web app is served by Vite and changes as it is saved; a change of the
// Worker is built and takes the place of the running one, on the same data as `npm start`, within a few seconds.

import { watch } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt, worker } from './build/ensure-built.ts'
import { runProgram } from './build/run-program.ts'
import { bin, root } from './paths.ts'
import { readNoOptions } from './read-options.ts'
import { checkSettings, dataDir, host, isBelow, port, varsFromEnvironment } from './server/environment.ts'
import { giveUp } from './server/give-up.ts'
import { stopOnSignals } from './server/signals.ts'
import { type Server, startServer } from './server/start-server.ts'

readNoOptions('Settings are variables, as for npm start.')
process.env.LEAT_LOG ??= 'debug'
const say = (text: string) => process.stdout.write(`${text}\n`)

const serve = () =>
  startServer({
    dataDir: dataDir(),
    host: host(),
    port: port(),
    vars: varsFromEnvironment(),
    hasDemo: true,
    log: ({ level, message }) => isBelow(level) || process.stderr.write(`${message}\n`),
  })

/** Builds and swaps. Where the build fails, the running Worker stays. */
async function replace(running: Server): Promise<Server> {
  try {
    await ensureBuilt((title) => say(`Building the ${title}…`), [worker])
  } catch (error) {
    say(String(error))
    return running
  }
  await running.stop()
  const next = await serve()
  say(`The Worker is up to date at ${next.url}`)
  return next
}

try {
  checkSettings()
} catch (error) {
  giveUp(error)
}
await ensureBuilt((title) => say(`Building the ${title}…`))
let current = serve()
const { url, demo } = await current.catch(giveUp)
stopOnSignals({ stop: async () => (await current).stop() })
if (demo !== null) say(`\n  Sign in as ${demo.email}, password ${demo.password}\n`)

let pending: NodeJS.Timeout | undefined
watch(join(root, 'worker'), { recursive: true }, () => {
  clearTimeout(pending)
  pending = setTimeout(() => void (current = current.then(replace)), 100)
})

await runProgram(bin('vite'), ['dev'], { cwd: join(root, 'web'), show: true, env: { LEAT_WORKER: url } })
