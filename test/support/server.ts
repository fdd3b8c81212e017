// A running Leat for a test: the built Worker on its own port, with its own data, in its own process group.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Demo } from '../../scripts/server/demo.ts'
import { spawnServer, type SpawnedServer, type SpawnOptions } from '../../scripts/server/spawn-server.ts'

export interface RunningServer extends Omit<SpawnedServer, 'ready'> {
  url: string
  demo: Demo
  dataDir: string
}

/** Without a `dataDir` of an earlier server it gets a fresh folder, which goes when it is stopped. */
export type StartOptions = Partial<SpawnOptions>

/** Starts a server and waits until it answers. The Worker must have been built. Throws with its log where it ends instead. */
export async function startServer({ dataDir, ...options }: StartOptions = {}): Promise<RunningServer> {
  const folder = dataDir ?? mkdtempSync(join(tmpdir(), 'leat-test-'))
  const removeFolder = () => void (dataDir === undefined && rmSync(folder, { recursive: true, force: true }))
  const { ready, ...server } = spawnServer({ ...options, dataDir: folder })
  try {
    const { url, demo } = await ready
    return {
      ...server,
      url,
      demo,
      dataDir: folder,
      async stop() {
        await server.stop()
        removeFolder()
      },
    }
  } catch (error) {
    removeFolder()
    throw error
  }
}
