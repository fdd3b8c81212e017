// start databases
//
// The D1 databases in a workerd of their own. One workerd is one thread: with the databases in the Worker's, every statement and
// every wait for the disk would hold up the requests.
//
// Invariants:
//
//   1. What is on disk is what Miniflare's D1 has there in any case, at the same place.
//   2. Nobody else gets at them: they listen on sockets in a folder that only its owner may enter.
//   3. Either process may die alone. Miniflare starts it again; until then the Worker sees D1 errors, which it takes for
//      an outage of its databases.

import { chmodSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import type { DataFolder } from '../data-folder.ts'
import { databaseNames, sharedOptions, type DatabaseBindings, type Entry } from '../miniflare-options.ts'
import { withoutSignalHandlers } from '../signals.ts'
import { databaseBehind, socketOf } from './plugins.ts'

export interface Databases {
  /** The Worker's bindings to them. */
  bindings: DatabaseBindings
  stop(): Promise<void>
}

/** Whether workerd can listen on sockets of the file system here. Elsewhere the Worker's process holds the databases. */
const hasSockets = process.platform !== 'win32'

/** Resolves when statements are answered. The databases' files must not be open elsewhere. */
export async function startDatabases(folder: DataFolder, log: (entry: Entry) => void): Promise<Databases> {
  const names = databaseNames()
  const d1Databases = Object.fromEntries(names.map((name) => [name, name]))
  if (!hasSockets) return { bindings: { d1Databases }, stop: async () => undefined }

  const socket = (name: string) => join(folder.sockets, name)
  // A socket gets its name when it is listened on. Until then the one of a process that died has it, which refuses; where
  // there is none, workerd would not say that the other side is gone, but that something is wrong with itself.
  const early = (name: string) => `${socket(name)}.early`
  const open = () => {
    for (const name of names) {
      // The sticky bit keeps it from those who clear away what is old in a temporary folder (XDG base directories).
      chmodSync(early(name), 0o1600)
      renameSync(early(name), socket(name))
    }
  }
  const settings = convertV4MiniflareOptions({
    ...sharedOptions(folder.state, folder.databasesPidFile),
    handleStructuredLogs: log,
    unsafeHandleRuntimeRestart: open,
    name: 'leat-databases',
    compatibilityDate: '2026-11-01',
    modules: true,
    script: 'export default {}',
    d1Databases,
    unsafeBindings: names.map((name) => socketOf(early(name), name)),
  })
  const miniflare = withoutSignalHandlers(() => new Miniflare(settings))
  try {
    await miniflare.ready
    open()
  } catch (error) {
    await miniflare.dispose()
    throw error
  }
  return {
    bindings: { unsafeBindings: names.map((name) => databaseBehind(socket(name), name)) },
    stop: () => miniflare.dispose(),
  }
}
