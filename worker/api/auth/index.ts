// auth
//
// The sign-in library behind our own rules: only the addresses we use, only from our own pages, bodies of bounded
// size, wrong passwords counted, and every change in the audit.

import { Hono } from 'hono'
import { unreachable } from '../../lib/unreachable.ts'
import { directory } from '../../store/directory.ts'
import { rateLimitStore } from '../../store/rate-limits.ts'
import { clientAddress } from '../client-address.ts'
import type { ApiContext, ApiEnv } from '../env.ts'
import { inBackground } from '../in-background.ts'
import { amendBody } from './amend-body.ts'
import { attemptOf } from './attempt-of.ts'
import type { FoundSession } from './create-auth.ts'
import { noteDeed, type KnownActor } from './note-deed.ts'
import { refuseForeignRedirects, refuseLongTexts, requireKnown } from './check-request.ts'
import { requireSameOrigin } from './require-same-origin.ts'
import { countAttempt, countNewAccount } from './sign-in-limits.ts'

export const authApi = new Hono<ApiEnv>().all('/api/auth/*', async (c) => {
  const path = c.req.path.slice('/api/auth'.length)
  requireKnown(c, path)
  // Also without a cookie: signing somebody in from another site is an attack too. Programs send no origin.
  if (c.req.method !== 'GET' && (c.req.header('cookie') ?? c.req.header('origin')) !== undefined) {
    requireSameOrigin(c.req.raw)
  }
  const body: unknown = c.req.method === 'GET' ? undefined : await c.req.raw.clone().json()
  refuseForeignRedirects(c.req.url, body)
  refuseLongTexts(body)

  const { backend } = c.var
  const found = await backend.auth.findSession(c.req.raw)
  // Read before: signing out ends the session that did it.
  const actor = c.req.method === 'GET' ? undefined : await actorOf(c, found)
  const [limits, now] = [rateLimitStore(backend.db), backend.now().getTime()]
  const address = clientAddress(c)
  if (path === '/sign-up/email') await countNewAccount(limits, address, now)
  const attempt = attemptOf(path, body, { email: actor?.email, address })
  const takeBack = attempt && (await countAttempt(limits, attempt, now))
  const work = async () => {
    const { response, told } = await backend.auth.handle(amended(c.req.raw, path, body), found, address)
    if (response.ok) await takeBack?.()
    if (actor !== undefined) {
      const answer: unknown = await response
        .clone()
        .json()
        .catch(() => null)
      const { requestId } = c.var
      await noteDeed(backend.db, { path, body, actor, status: response.status, answer, told, requestId })
    }
    return response
  }
  const answered = work()
  // A client that hangs up must not keep its deed out of the audit.
  inBackground(c, Promise.allSettled([answered]))
  return answered
})

function amended(request: Request, path: string, body: unknown): Request {
  const ours = amendBody(path, body)
  if (ours === body) return request
  const headers = new Headers(request.headers)
  headers.delete('content-length')
  return new Request(request.url, { method: request.method, headers, body: JSON.stringify(ours) })
}

const nobody: KnownActor = { userId: null, organizationId: null, email: undefined }

async function actorOf(c: ApiContext, found: FoundSession | undefined): Promise<KnownActor> {
  const { db, now } = c.var.backend
  if (found === undefined) return nobody
  const opened = await directory(db).findBySession({ ...found.session, now: now() })
  switch (opened.kind) {
    case 'over':
      return nobody
    case 'homeless':
      return { ...opened, organizationId: null }
    case 'member':
      return opened.member
    default:
      return unreachable(opened)
  }
}
