// stage
//
// Where a storm is played: a server as `npm start` serves it, the outside world beside it as a process of its own, and a
// power switch.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLeatClient, type LeatClient } from '../../client/leat-client.ts'
import { spawnServer } from '../../server/spawn-server.ts'
import type { Address } from '../kill/deliver.ts'
import type { Outage } from '../kill/evidence.ts'
import type { Program } from '../kill/programs.ts'
import { publishPrograms } from '../kill/publish-programs.ts'
import type { Workflows } from '../kill/read-out.ts'
import { startSink, type Sink } from '../sink/start-sink.ts'

export interface Stage {
  /** Where everything is kept. */
  folder: string
  sink: Sink
  workflows: Workflows
  /** Where the server is; undefined while it is down. */
  address(): Address | undefined
  /** The API. Throws while the server is down. */
  client(): LeatClient
  outages: readonly Outage[]
  /** From the start of a process to its first answer, in ms. */
  restartMs: readonly number[]
  /** Cuts the power and starts again on the same data. Resolves when it answers. */
  restart(): Promise<void>
  /** What the server wrote since its last start. */
  log(): string
  /** Ends everything. What is on disk stays where it is to be kept. */
  close(isKept: boolean): Promise<void>
}

export interface StageOptions {
  programs: readonly Program[]
  /** The program that serves, instead of `scripts/serve.ts`. */
  server?: string
}

/** Sets it up: the programs are published and active. The Worker must have been built. */
export async function openStage({ programs, server: program }: StageOptions): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-prove-'))
  const sink = await startSink({ ledger: join(folder, 'ledger.jsonl') })
  const start = () =>
    spawnServer({
      dataDir: join(folder, 'data'),
      env: { LEAT_EGRESS_ALLOW: sink.host },
      ...(program === undefined ? {} : { program }),
    })
  const outages: Outage[] = []
  const restartMs: number[] = []
  let server = start()
  let address: Address | undefined

  const close = async (isKept: boolean) => {
    await server.kill9()
    await sink.stop()
    if (!isKept) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const { workflows, addressOf } = await publishPrograms(await server.ready, sink, programs)
    address = await addressOf(server)
    return {
      folder,
      sink,
      workflows,
      outages,
      restartMs,
      address: () => address,
      client() {
        if (address === undefined) throw new Error('The server is down.')
        return createLeatClient(address)
      },
      async restart() {
        address = undefined
        const killedAt = Date.now()
        await server.kill9()
        const restartedAt = Date.now()
        outages.push({ killedAt, restartedAt })
        server = start()
        address = await addressOf(server)
        restartMs.push(Date.now() - restartedAt)
      },
      log: () => server.log(),
      close,
    }
  } catch (error) {
    await close(false)
    throw error
  }
}
