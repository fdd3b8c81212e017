import { join, resolve } from 'node:path'
import { root } from '../paths.ts'
import { readBundle } from './bundle.ts'

/** Where this installation keeps its data: `LEAT_DATA`, or `.leat` in the repository. */
export const dataDir = () => resolve(process.env.LEAT_DATA ?? join(root, '.leat'))

/** The address to listen on: `HOST`, or this machine only. */
export const host = () => process.env.HOST ?? '127.0.0.1'

/** Variables of wrangler.toml that the environment overrides. */
export function varsFromEnvironment(): Record<string, string> {
  const names = Object.keys(readBundle().options.bindings ?? {})
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const levels = ['debug', 'log', 'info', 'warn', 'error']

/** Whether an entry is too unimportant to print. `LEAT_LOG` sets the lowest level, warnings by default. */
export function isBelow(level: string): boolean {
  return levels.indexOf(level) < levels.indexOf(process.env.LEAT_LOG ?? 'warn')
}

/**
 * Ends this process, server first, on Ctrl-C, a signal, or the end of the process that started it. A signal often
 * comes twice, from the terminal and from npm, so a second one changes nothing; a stop that hangs is cut off.
 */
export function stopOnSignals(server: { stop(): Promise<void> }): void {
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), 5_000).unref()
    void server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    // Miniflare listens too, and exits at once.
    process.removeAllListeners(signal)
    process.on(signal, stop)
  }
  process.on('disconnect', stop)
}
