import { join, resolve } from 'node:path'
import { parseAllowList } from '../../worker/egress/address.ts'
import { root } from '../paths.ts'
import { readBundle } from './bundle.ts'

/** A variable of the environment cannot be used as it is set. The message names it and says what it may be. */
export class SettingError extends Error {
  override name = 'SettingError'
}

// A variable that is set to nothing counts as one that is not set: an empty HOST would be every address of the machine.

/** Where this installation keeps its data: `LEAT_DATA`, or `.leat` in the repository. */
export const dataDir = () => resolve(process.env.LEAT_DATA || join(root, '.leat'))

/** The address to listen on: `HOST`, or this machine only. */
export const host = () => process.env.HOST || '127.0.0.1'

/** The port to listen on: `PORT`, or 8787. 0 is any that is free. Throws SettingError. */
export function port(): number {
  const value = process.env.PORT?.trim() || '8787'
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value)
  throw new SettingError(`PORT is "${value}". It must be a number from 1 to 65535, or 0 for any port that is free.`)
}

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

/** Throws SettingError where a variable cannot be used as it is set, before anything is built or opened. */
export function checkSettings(): void {
  port()
  logLevel()
  requireAllowList(process.env.LEAT_EGRESS_ALLOW ?? '')
}

/** The Worker would refuse it too, but with each call that it makes and not at the start. */
function requireAllowList(list: string): void {
  try {
    parseAllowList(list.split(','))
  } catch (cause) {
    const message = `LEAT_EGRESS_ALLOW is "${list}". It must be host:port, such as localhost:3000, or several with commas between.`
    throw new SettingError(message, { cause })
  }
}

const levels = ['debug', 'log', 'info', 'warn', 'error']

/** The lowest level that is printed: `LEAT_LOG`, warnings by default. Throws SettingError. */
export function logLevel(): string {
  const value = process.env.LEAT_LOG || 'warn'
  if (levels.includes(value)) return value
  throw new SettingError(`LEAT_LOG is "${value}". It must be one of ${levels.join(', ')}.`)
}

/** Whether an entry is too unimportant to print, by `LEAT_LOG`. */
export function isBelow(level: string): boolean {
  return levels.indexOf(level) < levels.indexOf(logLevel())
}
