// start server
//
// One machine's Leat: the built Worker on workerd, with its state on disk. A real deployment for one machine, not the
// development server.

import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { startCron } from './cron.ts'
import { openDataFolder, type DataFolder } from './data-folder.ts'
import { startDatabases, type Databases } from './databases/start-databases.ts'
import { ensureDemo, type Demo } from './demo.ts'
import { SettingError } from './environment.ts'
import { migrate } from './migrate.ts'
import { databaseNames, sharedOptions, workerOptions, type Entry } from './miniflare-options.ts'
import { withoutSignalHandlers } from './signals.ts'

export interface ServerOptions {
  dataDir: string
  host: string
  /** 0 takes any free port. */
  port: number
  /** Values for variables of `wrangler.toml`, by name. */
  vars: Record<string, string>
  /** Whether to make the demo organization and hand out its sign-in. */
  hasDemo: boolean
  /** Workers to serve from the same process, each on a socket of its own: what a bench compares with. */
  companions?: V4WorkerOptions[]
  /** What a proof puts between the Workers and what they stand on. */
  alter?(workers: V4WorkerOptions[]): V4WorkerOptions[]
  /** Opens the runtime's inspector, on this port of this machine. */
  inspectorPort?: number
  log(entry: Entry): void
}

export interface Server {
  url: string
  demo: Demo | null
  /** Where a companion listens. */
  companionUrl(name: string): Promise<string>
  /** Only where one was asked for. */
  inspectorUrl(): Promise<string>
  /** Stops serving. What was answered is on disk; what runs goes on after the next start. */
  stop(): Promise<void>
}

/** Addresses under which this machine reaches itself. */
const everyHost = new Set(['127.0.0.1', '0.0.0.0', '::1', '::'])

/** The port is taken by another program. */
export class PortInUseError extends Error {
  override name = 'PortInUseError'
}

/** Starts serving. Resolves when requests are answered. Throws DataFolderInUseError, PortInUseError, SettingError. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const folder = await openDataFolder(options.dataDir)
  try {
    await requireFreePort(options.host, options.port)
    return await serve(folder, options)
  } catch (error) {
    folder.release()
    throw error
  }
}

async function serve(folder: DataFolder, options: ServerOptions): Promise<Server> {
  // Miniflare takes both from the environment only.
  process.env.TMPDIR = folder.temporary
  if (process.platform !== 'win32') process.env.MINIFLARE_WORKERD_PATH = join(import.meta.dirname, 'tied.sh')
  await migrate(databaseNames(), folder.state, folder.databasesPidFile)
  const databases = await startDatabases(folder, options.log)
  try {
    return await serveWith(databases, folder, options)
  } catch (error) {
    await databases.stop()
    throw error
  }
}

async function serveWith(databases: Databases, folder: DataFolder, options: ServerOptions): Promise<Server> {
  const { alter = (workers) => workers } = options
  const setupToken = randomBytes(32).toString('base64url')
  const settings = convertV4MiniflareOptions({
    ...sharedOptions(folder.state, folder.runtimePidFile),
    handleStructuredLogs: options.log,
    ...(options.inspectorPort === undefined ? {} : { inspectorPort: options.inspectorPort }),
    workers: [
      ...alter(
        workerOptions(options, {
          // Cloudflare is not in front of it: what says it was is the caller.
          bindings: {
            LEAT_ADDRESS_HEADER: '',
            ...options.vars,
            LEAT_SECRET: folder.secret,
            LEAT_SETUP_TOKEN: setupToken,
          },
          databases: databases.bindings,
          egressAllow: parseAllowList(options.vars.LEAT_EGRESS_ALLOW ?? ''),
        }),
      ),
      ...(options.companions ?? []),
    ],
  })
  const miniflare = withoutSignalHandlers(() => new Miniflare(settings))
  try {
    await miniflare.ready
    const { port } = await miniflare.unsafeGetDirectURL('leat')
    const url = `http://${everyHost.has(options.host) ? 'localhost' : options.host}:${port}`
    const demo = options.hasDemo ? await ensureDemo(folder.demoFile, url, setupToken) : null
    const stopCron = startCron(miniflare, (error) => options.log({ level: 'warn', message: `cron: ${String(error)}` }))
    return {
      url,
      demo,
      companionUrl: async (name) => String(await miniflare.unsafeGetDirectURL(name)),
      inspectorUrl: async () => String(await miniflare.getInspectorURL()),
      async stop() {
        stopCron()
        await miniflare.dispose()
        await databases.stop()
        folder.release()
      },
    }
  } catch (error) {
    await miniflare.dispose()
    throw error
  }
}

/** Comma-separated `host:port`, as `worker/egress/` reads it. */
function parseAllowList(list: string): string[] {
  return list
    .split(',')
    .map((pair) => pair.trim().toLowerCase())
    .filter((pair) => pair !== '')
}

/** workerd would say so too, but not which port and not to people. */
async function requireFreePort(host: string, port: number): Promise<void> {
  if (port === 0) return
  await new Promise<void>((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (cause: NodeJS.ErrnoException) => reject(whyNot(cause, host, port)))
    probe.listen(port, host, () => probe.close(() => resolve()))
  })
}

function whyNot(cause: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (cause.code) {
    case 'EADDRINUSE':
      return new PortInUseError(`Port ${port} is in use. Choose another one with PORT=…`, { cause })
    case 'EACCES':
      return new SettingError(`Port ${port} is not for this user. Choose one from 1024 on with PORT=…`, { cause })
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new SettingError(
        `HOST is "${host}", which is no address of this machine. Leave it out for this machine only, or set 0.0.0.0 for all.`,
        { cause },
      )
    default:
      return cause
  }
}
