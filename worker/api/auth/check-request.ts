// check-request
//
// What is refused below `/api/auth` before the sign-in library sees it, in the words of the rest of the API.

import { appError } from '../../lib/app-error.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import type { ApiContext } from '../env.ts'
import { authPaths } from './auth-paths.ts'

/** Throws `request.not_found`, or `request.method_not_allowed` with the methods that the address takes. */
export function requireKnown(c: ApiContext, path: string): void {
  if (authPaths.get(c.req.method)?.has(path) === true) return
  const allowed = [...authPaths].flatMap(([method, paths]) => (paths.has(path) ? [method] : []))
  if (allowed.length === 0) throw appError('request.not_found')
  c.header('Allow', allowed.join(', '))
  throw appError('request.method_not_allowed')
}

const redirects = ['callbackURL', 'redirectTo', 'errorCallbackURL', 'newUserCallbackURL'] as const

/** Where the library is asked to send a browser afterwards must be a page of ours, named by its path. */
export function refuseForeignRedirects(url: string, body: unknown): void {
  const { searchParams } = new URL(url)
  for (const name of redirects) {
    const values = [searchParams.get(name), (body as Record<string, unknown> | undefined)?.[name]]
    for (const value of values) {
      if (value === null || value === undefined) continue
      if (typeof value === 'string' && /^\/(?![/\\])[^\\\s]*$/.test(value)) continue
      const problem = { path: name, message: 'must be a path of this site' }
      throw invalidRequest([problem])
    }
  }
}

/** Characters; names of people and organizations are shown to others. The library itself has no bounds. */
const mostInName = 120
const mostInText = 2_000

/** Throws `request.invalid` where a text is longer than anything there has to be. */
export function refuseLongTexts(body: unknown, path: readonly string[] = []): void {
  if (typeof body === 'string') {
    const most = path.at(-1) === 'name' ? mostInName : mostInText
    if (body.length <= most) return
    const problem = { path: path.join('.'), message: `must have at most ${most} characters` }
    throw invalidRequest([problem])
  }
  if (typeof body !== 'object' || body === null) return
  for (const [key, value] of Object.entries(body)) {
    // Nothing that the library takes is nested deeper.
    if (path.length < 3) refuseLongTexts(value, [...path, key])
  }
}
