import { createRequire } from 'node:module'
import { Log, LogLevel, type V4MiniflareOptions, type V4WorkerOptions } from 'miniflare'
import { webBuild } from '../paths.ts'
import { readBundle } from './bundle.ts'
import { closedNetwork, networkBindings } from './networks.ts'

export interface ListenOptions {
  host: string
  /** 0 takes any free port. */
  port: number
}

/** How the Worker is bound to its databases: in its own process, or in another one. */
export type DatabaseBindings = Pick<V4WorkerOptions, 'd1Databases' | 'unsafeBindings'>

export interface WorkerSettings {
  /** Values for the Worker's variables and secrets. */
  bindings: Record<string, string>
  databases: DatabaseBindings
  /** `host:port` pairs that may be reached although they are not public. */
  egressAllow: string[]
}

export interface Entry {
  level: string
  message: string
}

/** Settings every Miniflare of ours shares: no telemetry, no calls home, nothing said about single requests. */
export function sharedOptions(stateDir: string, runtimePidFile: string) {
  return {
    // Miniflare's own entrance, which only this process uses.
    host: '127.0.0.1',
    port: 0,
    cf: false,
    logRequests: false,
    log: new Log(LogLevel.ERROR),
    telemetry: { enabled: false },
    resourcePersistencePath: stateDir,
    unsafeRuntimeEnv: { LEAT_RUNTIME_PID_FILE: runtimePidFile, LEAT_WORKERD: workerdPath() },
  } satisfies Partial<V4MiniflareOptions>
}

function workerdPath(): string {
  const path: unknown = createRequire(createRequire(import.meta.url).resolve('miniflare'))('workerd').default
  if (typeof path !== 'string') throw new Error('The workerd package does not say where its program is.')
  return path
}

/** The D1 databases of `wrangler.toml`, named here by their bindings, so that an id for production changes nothing. */
export function databaseNames(): string[] {
  return Object.keys(readBundle().options.d1Databases ?? {})
}

/**
 * The Worker as one machine serves it: on a socket of its own, without the proxies of the development server.
 *
 * Assets sit in a Worker beside it. Miniflare would otherwise put its assets router in front of ours, which halves the
 * requests it answers; ours asks `env.ASSETS` for what it does not know.
 */
export function workerOptions(listen: ListenOptions, settings: WorkerSettings): V4WorkerOptions[] {
  const { options, modules, modulesRoot } = readBundle()
  // The conversion refuses two of these: where modules are found matters to a bundler only.
  const { modulesRules: _, rootPath: __, d1Databases: ___, assets, compatibilityDate, ...rest } = options
  if (assets === undefined || compatibilityDate === undefined) {
    throw new Error('wrangler.toml lacks [assets] or compatibility_date.')
  }
  return [
    {
      ...rest,
      name: 'leat',
      compatibilityDate,
      modules,
      modulesRoot,
      bindings: { ...rest.bindings, ...settings.bindings },
      ...settings.databases,
      serviceBindings: { ASSETS: 'leat-assets', ...networkBindings(settings.egressAllow) },
      outboundService: closedNetwork.name,
      unsafeDirectSockets: [listen],
    },
    {
      name: 'leat-assets',
      compatibilityDate,
      modules: true,
      script: 'export default { fetch: () => new Response(null, { status: 404 }) }',
      assets: { ...assets, directory: webBuild, routerConfig: { has_user_worker: false }, run_worker_first: false },
    },
    closedNetwork,
  ]
}
