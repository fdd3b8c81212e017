import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Demo } from '../server/demo.ts'
import { startReference } from './reference.ts'

/** A running product, and what it is compared with. */
export interface Target {
  url: string
  apiKey: string
  /** Somebody who can sign in; undefined where only a key is known. */
  demo: Demo | undefined
  /** Where `reference-worker.js` answers. */
  reference: string
  /** The processes whose CPU time counts, the Worker's first; undefined where the product runs elsewhere. */
  runtimePids: readonly number[] | undefined
  /** The runtime's inspector, where it was asked for. */
  inspector?: string
  stop(): Promise<void>
}

export interface TargetOptions {
  egressAllow: string
  /** Whether to open the runtime's inspector. */
  inspect: boolean
}

/** Starts the product on fresh data, with the reference in the same workerd. The Worker must have been built. */
export async function startTarget({ egressAllow, inspect }: TargetOptions): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-bench-'))
  const args = [join(import.meta.dirname, 'server.ts'), '--data', folder, ...(inspect ? ['--inspect'] : [])]
  const child = spawn(process.execPath, args, {
    env: { ...process.env, LEAT_EGRESS_ALLOW: egressAllow },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const line = await Promise.race([once(createInterface(child.stdout!), 'line'), exited.then(() => undefined)])
  if (line === undefined) throw new Error('The server ended before it was ready.')
  const ready = JSON.parse(String(line[0])) as {
    demo: Demo
    reference: string
    runtimePids: number[]
    inspector?: string
  }
  return {
    ...ready,
    url: ready.demo.url,
    apiKey: ready.demo.apiKey,
    async stop() {
      child.kill('SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A product that runs already, with the reference in a workerd beside it. */
export async function joinTarget(place: Pick<Target, 'url' | 'apiKey' | 'demo'>): Promise<Target> {
  const reference = await startReference()
  return { ...place, reference: reference.url, runtimePids: undefined, stop: reference.stop }
}
