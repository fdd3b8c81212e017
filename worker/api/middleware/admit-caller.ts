// admit-caller
//
// The one door of the API. Behind it there is a scope, and stores that see one organization.
//
//   C1. The organization comes from the session or the key, never from the path, a header or the body.
//   C2. A request with an API key is never helped by a cookie, and a cookie only works from our own pages.
//   C3. Whoever is not admitted hears `auth.required` or `auth.invalid_key` and nothing about what lies behind.
//   C4. A page says for which organization it asks. Where the session has another one open by now, the page shows that of
//       before, and its request is refused: it would be done, or shown, in the wrong place.

import { createMiddleware } from 'hono/factory'
import type { Cause } from '../../contract/cause.ts'
import { causeHeader } from '../../contract/facts/cause.ts'
import { organizationHeader } from '../../contract/facts/organization.ts'
import { appError } from '../../lib/app-error.ts'
import { directory, type KnownMember } from '../../store/directory.ts'
import { admitApiKey, admitMember, type Scope } from '../../tenancy/scope.ts'
import { needsOrigin, requireSameOrigin } from '../auth/require-same-origin.ts'
import { createContext } from '../create-context.ts'
import type { ApiContext, ApiEnv } from '../env.ts'

export const admitCaller = createMiddleware<ApiEnv>(async (c, next) => {
  const authorization = c.req.header('authorization')
  const { scope, member, setCookies } =
    authorization === undefined ? await admitSession(c) : await admitKey(c, authorization)

  c.set('context', createContext(c, scope, member, await causeOf(c, scope)))
  await next()
  for (const cookie of setCookies) c.header('Set-Cookie', cookie, { append: true })
})

/** Workflows may ask the API too: what they cause goes on in their chain. */
async function causeOf(c: ApiContext, { organizationId }: Scope): Promise<Cause | undefined> {
  const token = c.req.header(causeHeader)
  const { vault, now } = c.var.backend
  return token === undefined ? undefined : vault.openCause(token, { organizationId, now: now().getTime() })
}

interface Admission {
  scope: Scope
  member: KnownMember
  setCookies: string[]
}

async function admitKey(c: ApiContext, authorization: string): Promise<Admission> {
  const [, secret] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  if (secret === undefined) {
    const message = 'Send the API key as Authorization: Bearer leat_…; this header is something else.'
    throw appError('auth.invalid_key', { message })
  }
  const key = await c.var.backend.keyring.open(secret)
  return { scope: admitApiKey(key.member, key), member: key.member, setCookies: [] }
}

async function admitSession(c: ApiContext): Promise<Admission> {
  const { auth, db, now } = c.var.backend
  const found = await auth.findSession(c.req.raw)
  if (found === undefined) throw appError('auth.required')
  if (needsOrigin(c.req.raw)) requireSameOrigin(c.req.raw)

  const { token, userId, userName } = found.session
  const look = () => directory(db).findBySession({ token, userId, now: now() })
  let opened = await look()
  if (opened.kind === 'homeless') {
    // The process may have died between the sign-up and this.
    await auth.ensureOwnOrganization({ id: userId, name: userName })
    opened = await look()
  }
  if (opened.kind === 'over') throw appError('auth.required')
  if (opened.kind === 'homeless') throw appError('auth.no_organization')
  const meant = c.req.header(organizationHeader)
  if (meant !== undefined && meant !== opened.member.organizationId) throw appError('auth.other_organization')
  return { scope: admitMember(opened.member), member: opened.member, setCookies: found.setCookies }
}
