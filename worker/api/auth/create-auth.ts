// create-auth
//
// Who somebody is. The sign-in library is loaded by the first request that needs it, and kept for the isolate.
//
//   A1. A session lives as long as its row: `admit-caller` looks for it with every request. What is remembered here,
//       for seconds, is only that a cookie is genuine and which row it names.
//   A2. A session ends after 12 idle hours, and 7 days after it began, whatever was done in between.
//   A3. Every user owns an organization of their own from the beginning. Its id follows from theirs, so that making
//       it twice, or late because the process died after the sign-up, makes it once.

import { UserId } from '../../contract/id.ts'
import { base32 } from '../../lib/base32.ts'
import { ShortMemory } from '../../lib/short-memory.ts'
import type { Database } from '../../store/database.ts'
import { directory } from '../../store/directory.ts'
import { ownOrganizationId, sessionCookieName, sessionLimits } from './auth-options.ts'
import type { LoadedAuth } from './load-auth.ts'

/** What a genuine cookie says. Whether the session is still there is for the database to say. */
export interface Session {
  token: string
  userId: UserId
  userName: string
}

export interface Auth {
  /** The session that the request's cookie names, with the cookies to send back; undefined when there is none. */
  findSession(request: Request): Promise<{ session: Session; setCookies: string[] } | undefined>
  /** Whether a text is the password of whoever the request's cookie names. */
  verifyPassword(request: Request, password: string): Promise<boolean>
  /** Answers a request below `/api/auth`. */
  handle(request: Request): Promise<Response>
  /** Makes a user with a password. Throws when the address is taken. */
  signUp(user: { name: string; email: string; password: string }): Promise<UserId>
  /** Gives the user an organization of their own, unless they have it. */
  ensureOwnOrganization(user: { id: UserId; name: string }): Promise<void>
}

/** Gives secrets of this installation, each for one purpose. */
export interface DerivesSecrets {
  deriveSecret(purpose: 'session' | 'demo'): Promise<string>
}

/** A cookie is taken as genuine for this long before it is looked at again. */
const memoryMs = 5_000

export function createAuth({ db, vault, now }: { db: Database; vault: DerivesSecrets; now: () => Date }): Auth {
  const people = directory(db)
  const sessions = new ShortMemory<Session>(memoryMs, () => now().getTime())
  const loaded = new Map<boolean, LoadedAuth>()

  // Only what is whole is kept: a promise of a request that was broken off would keep all later ones waiting.
  async function library(isSecure: boolean): Promise<LoadedAuth> {
    const known = loaded.get(isSecure)
    if (known !== undefined) return known
    const { loadAuth } = await import('./load-auth.ts')
    const secret = await vault.deriveSecret('session')
    const auth = loadAuth(db, { secret, isSecure, onSignUp: ensureOwnOrganization })
    await auth.$context
    loaded.set(isSecure, auth)
    return auth
  }

  async function ensureOwnOrganization({ id, name }: { id: UserId; name: string }): Promise<void> {
    const chance = base32(crypto.getRandomValues(new Uint8Array(5)))
    await people.createOrganization({
      id: ownOrganizationId(id),
      name: `${name.trim() === '' ? 'My' : `${name.trim()}'s`} organization`.slice(0, 120),
      slug: `${slugOf(name)}-${chance}`,
      memberId: base32(crypto.getRandomValues(new Uint8Array(20))),
      ownerId: id,
      at: now(),
    })
  }

  return {
    async findSession(request) {
      const isSecure = new URL(request.url).protocol === 'https:'
      const proof = readCookie(request, sessionCookieName(isSecure))
      if (proof === undefined) return undefined
      const remembered = sessions.get(proof)
      if (remembered !== undefined) return { session: remembered, setCookies: [] }

      const auth = await library(isSecure)
      const { headers, response } = await auth.api.getSession({ headers: request.headers, returnHeaders: true })
      if (response === null) return undefined
      if (now().getTime() - response.session.createdAt.getTime() > sessionLimits.ageMs) return undefined
      const session: Session = {
        token: response.session.token,
        userId: UserId.parse(response.user.id),
        userName: response.user.name,
      }
      sessions.set(proof, session)
      return { session, setCookies: headers.getSetCookie() }
    },

    async verifyPassword(request, password) {
      const auth = await library(new URL(request.url).protocol === 'https:')
      try {
        await auth.api.verifyPassword({ body: { password }, headers: request.headers })
        return true
      } catch (error) {
        // The library says so by an error of its own; whatever else goes wrong is not a wrong password.
        if (error instanceof Error && 'statusCode' in error && error.statusCode !== 500) return false
        throw error
      }
    },

    async handle(request) {
      const auth = await library(new URL(request.url).protocol === 'https:')
      return auth.handler(request)
    },

    async signUp({ name, email, password }) {
      const auth = await library(false)
      const { user } = await auth.api.signUpEmail({ body: { name, email, password } })
      return UserId.parse(user.id)
    },

    ensureOwnOrganization,
  }
}

function readCookie(request: Request, name: string): string | undefined {
  for (const pair of request.headers.get('cookie')?.split(';') ?? []) {
    const [key, ...value] = pair.split('=')
    if (key?.trim() === name) return value.join('=').trim()
  }
  return undefined
}

/** Letters and digits of a name, for an address. */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  return slug.slice(0, 40) || 'organization'
}
