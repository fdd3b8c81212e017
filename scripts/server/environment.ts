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
