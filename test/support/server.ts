// A running Leat for a test: the built Worker on its own port, with its own data, in its own process group.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Demo } from '../../scripts/server/demo.ts'

export interface RunningServer {
  url: string
  demo: Demo
  /** Of the server process, whose child is workerd. */
  pid: number
  dataDir: string
  /** What the server wrote to stderr so far: warnings and errors. */
  log(): string
  /** Kills the whole process group, as a power cut would. The data stays for the next start. */
  kill9(): Promise<void>
  /** Stops politely and, where the data folder was made for this server, removes it. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** The data of an earlier server; a fresh folder otherwise. */
  dataDir?: string
  /** Variables of wrangler.toml, such as LEAT_EGRESS_ALLOW. */
  env?: Record<string, string>
  /** A fixed port, for restarts that clients should survive. Any free one otherwise. */
  port?: number
}

const root = join(import.meta.dirname, '../..')

/** Starts a server and waits until it answers. The Worker must have been built. Throws with its log where it ends instead. */
export async function startServer({ dataDir, env = {}, port = 0 }: StartOptions = {}): Promise<RunningServer> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'leat-test-'))
  const args = [join(root, 'scripts/serve.ts'), '--port', String(port), '--data', folder]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    // The channel closes with this process, and the server ends with it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  child.channel?.unref()
  const exited = once(child, 'exit')
  const isRunning = () => child.exitCode === null && child.signalCode === null
  let log = ''
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()))

  const ready = once(createInterface(child.stdout!), 'line')
  const line = await Promise.race([ready, exited.then(() => undefined)])
  if (line === undefined) {
    if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    throw new Error(`The server ended before it was ready:\n${log}`)
  }
  const { url, demo, pid } = JSON.parse(String(line[0]))

  return {
    url,
    demo,
    pid,
    dataDir: folder,
    log: () => log,
    async kill9() {
      if (isRunning()) process.kill(-pid, 'SIGKILL')
      await exited
    },
    async stop() {
      if (isRunning()) child.kill('SIGTERM')
      await exited
      if (dataDir === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
