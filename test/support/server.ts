// A running Leat for a test: the built Worker on its own port, with its own data, in its own process group.

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Demo } from '../../scripts/server/demo.ts'
import { spawnServer, type SpawnedServer, type SpawnOptions } from '../../scripts/server/spawn-server.ts'

export interface RunningServer extends Omit<SpawnedServer, 'ready'> {
  url: string
  demo: Demo
  dataDir: string
}

/** A new installation's data, as its first start leaves it; see `prepare-folder.ts`. Whoever asks removes it. */
export function newDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leat-test-'))
  cpSync(inject('preparedFolder'), folder, { recursive: true })
  return folder
}

/** Without a `dataDir` of an earlier server it gets a new one, which goes when it is stopped. */
export type StartOptions = Partial<SpawnOptions>

/** Starts a server and waits until it answers. The Worker must have been built. Throws with its log where it ends instead. */
export async function startServer({ dataDir, ...options }: StartOptions = {}): Promise<RunningServer> {
  const folder = dataDir ?? newDataFolder()
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
