// Before tests that start servers: starts one on an empty folder and keeps what it leaves, its databases migrated and its
// demo set up. Every other server gets a copy, which halves its start. `test/server/local-server.test.ts` starts on an empty
// folder, and so do the proofs.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { spawnServer } from '../../scripts/server/spawn-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A data folder as a first start leaves it. To be copied, never to be served. */
    preparedFolder: string
  }
}

/** The Worker must have been built. Gives what removes the folder. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-prepared-'))
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  const server = spawnServer({ dataDir: folder })
  try {
    await server.ready
    await server.stop()
  } catch (error) {
    await server.kill9()
    removeFolder()
    throw error
  }
  project.provide('preparedFolder', folder)
  return removeFolder
}
