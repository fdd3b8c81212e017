import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from '../paths.ts'
import type { Demo } from './demo.ts'

export interface SpawnOptions {
  dataDir: string
  /** Variables of wrangler.toml, such as LEAT_EGRESS_ALLOW. */
  env?: Record<string, string>
  /** A fixed port. Any free one otherwise. */
  port?: number
  /** The program that serves; `scripts/serve.ts` is the one for all but a proof that puts something between. */
  program?: string
}

/** A server in a process group of its own. It ends with the process that spawned it. */
export interface SpawnedServer {
  /** When it answers requests. Rejects with its log where it ends before that. */
  ready: Promise<{ url: string; demo: Demo }>
  /** Of the server process, whose child is workerd. */
  pid: number
  /** What it wrote to stderr so far: warnings and errors. */
  log(): string
  /** Kills the whole process group, as a power cut would. The data stays for the next one. */
  kill9(): Promise<void>
  /** Stops politely. */
  stop(): Promise<void>
}

/** Starts what was built; `scripts/serve.ts` is the program. */
export function spawnServer({
  dataDir,
  env = {},
  port = 0,
  program = join(root, 'scripts/serve.ts'),
}: SpawnOptions): SpawnedServer {
  const args = [program, '--port', String(port), '--data', dataDir]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    // The channel closes with this process, and the server ends with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  child.channel?.unref()
  const { pid } = child
  if (pid === undefined) throw new Error('The server could not be started.')
  const exited = once(child, 'exit')
  const isRunning = () => child.exitCode === null && child.signalCode === null
  let log = ''
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()))

  const line = once(createInterface(child.stdout!), 'line')
  const ready = Promise.race([line, exited.then(() => undefined)]).then((given) => {
    if (given === undefined) throw new Error(`The server ended before it was ready:\n${log}`)
    return JSON.parse(String(given[0])) as { url: string; demo: Demo }
  })
  // Whoever kills it before it is ready need not have asked.
  ready.catch(() => undefined)

  return {
    ready,
    pid,
    log: () => log,
    async kill9() {
      if (isRunning()) process.kill(-pid, 'SIGKILL')
      await exited
    },
    async stop() {
      if (isRunning()) child.kill('SIGTERM')
      await exited
    },
  }
}
