// create-auth
//
// Who somebody is. The sign-in library is loaded by the first request that needs it, and kept for the isolate.
//
//   A1. A session lives as long as its row: `admit-caller` looks for it with every request. What is remembered here,
//       for seconds, is only that a cookie is genuine and which row it names.
//   A2. A session ends after 12 idle hours, and 7 days after it began, whatever was done in between. The library knows
//       the first alone: it never sees a cookie but the one of a session that `findSession` has found.
//   A3. Every user owns an organization of their own from the beginning. Its id follows from theirs, so that making
//       it twice, or late because the process died after the sign-up, makes it once.

import { UserId } from '../../contract/id.ts'
import { base32 } from '../../lib/base32.ts'
import { ShortMemory } from '../../lib/short-memory.ts'
import type { Database } from '../../store/database.ts'
import { directory } from '../../store/directory.ts'
import { endSession, sessionLimits } from '../../store/sessions.ts'
import { addressHeader, ownOrganizationId, sessionCookieName } from './auth-options.ts'
import type { LoadedAuth } from './load-auth.ts'
import { listen, type ToldDeed } from './told-deeds.ts'

/** What a genuine cookie says. Whether the session is still there is for the database to say. */
export interface Session {
  token: string
  userId: UserId
  userName: string
  /** When it ends however busy it is, in epoch ms. */
  endsAt: number
}

/** A session, with the cookies that the answer has to set. */
export interface FoundSession {
  session: Session
  setCookies: string[]
}

export interface Auth {
  /** The session that the request's cookie names; undefined when there is none. One that is too old is ended. */
  findSession(request: Request): Promise<FoundSession | undefined>
  /** Whether a text is the password of the user that the request's cookie names. */
  verifyPassword(request: Request, password: string): Promise<boolean>
  /**
   * Answers a request below `/api/auth`, of the session that was found for it, from a client's address where one is known.
   * Says what was done to organizations.
   */
  handle(
    request: Request,
    found: FoundSession | undefined,
    address: string | undefined,
  ): Promise<{ response: Response; told: ToldDeed[] }>
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

  async function open(
    request: Request,
    { proof, isSecure }: { proof: string; isSecure: boolean },
  ): Promise<FoundSession | undefined> {
    const remembered = sessions.get(proof)
    if (remembered !== undefined) return { session: remembered, setCookies: [] }

    const auth = await library(isSecure)
    const headers = withOneCookie(request.headers, sessionCookieName(isSecure), proof)
    const { headers: sent, response } = await auth.api.getSession({ headers, returnHeaders: true })
    if (response === null) return undefined
    const session: Session = {
      token: response.session.token,
      userId: UserId.parse(response.user.id),
      userName: response.user.name,
      endsAt: response.session.createdAt.getTime() + sessionLimits.ageMs,
    }
    sessions.set(proof, session)
    return { session, setCookies: sent.getSetCookie() }
  }

  return {
    async findSession(request) {
      const isSecure = new URL(request.url).protocol === 'https:'
      const proof = readCookie(request, sessionCookieName(isSecure))
      if (proof === undefined) return undefined
      const found = await open(request, { proof, isSecure })
      if (found === undefined || now().getTime() <= found.session.endsAt) return found
      await endSession(db, found.session.token)
      return undefined
    },

    async verifyPassword(request, password) {
      const isSecure = new URL(request.url).protocol === 'https:'
      const auth = await library(isSecure)
      try {
        await auth.api.verifyPassword({ body: { password }, headers: ownCookieOnly(request, isSecure) })
        return true
      } catch (error) {
        // The library says so by an error of its own; whatever else goes wrong is not a wrong password.
        if (error instanceof Error && 'statusCode' in error && error.statusCode !== 500) return false
        throw error
      }
    },

    async handle(request, found, address) {
      const isSecure = new URL(request.url).protocol === 'https:'
      const auth = await library(isSecure)
      const headers = found === undefined ? withoutCookies(request.headers) : ownCookieOnly(request, isSecure)
      if (address === undefined) headers.delete(addressHeader)
      else headers.set(addressHeader, address)
      const { result, told } = await listen(() => auth.handler(new Request(request, { headers })))
      const response = new Response(result.body, result)
      // What the library says of the session goes before what was found when it was looked for.
      const setCookies = response.headers.getSetCookie().length > 0 ? [] : (found?.setCookies ?? [])
      for (const cookie of setCookies) response.headers.append('set-cookie', cookie)
      return { response, told }
    },

    async signUp({ name, email, password }) {
      const auth = await library(false)
      const { user } = await auth.api.signUpEmail({ body: { name, email, password } })
      return UserId.parse(user.id)
    },

    ensureOwnOrganization,
  }
}

/** The cookie's value. Of several the first counts; one without a value is none. */
function readCookie(request: Request, name: string): string | undefined {
  for (const pair of request.headers.get('cookie')?.split(';') ?? []) {
    const [key, ...value] = pair.split('=')
    if (key?.trim() === name) return value.join('=').trim() || undefined
  }
  return undefined
}

function withoutCookies(headers: Headers): Headers {
  const others = new Headers(headers)
  others.delete('cookie')
  return others
}

/** Another reader of the same header might find another session in it: it is given what was read here. */
function withOneCookie(headers: Headers, name: string, value: string): Headers {
  const one = new Headers(headers)
  one.set('cookie', `${name}=${value}`)
  return one
}

function ownCookieOnly(request: Request, isSecure: boolean): Headers {
  const name = sessionCookieName(isSecure)
  const value = readCookie(request, name)
  return value === undefined ? withoutCookies(request.headers) : withOneCookie(request.headers, name, value)
}

/** Letters and digits of a name, for an address. */
function slugOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  return slug.slice(0, 40) || 'organization'
}
