// links
//
// What an invited person asks: they have a link, and are no member yet. So these routes are not behind the door of the
// others. Whoever comes with a cookie comes from a page of ours all the same.

import { appError } from '../../lib/app-error.ts'
import { directory } from '../../store/directory.ts'
import { invitationLinks } from '../../store/invitation-links.ts'
import {
  acceptInvitation,
  declineInvitation,
  lookAtInvitation,
  type SignedIn,
} from '../../usecases/invitations/linked-invitation.ts'
import type { FoundSession } from '../auth/create-auth.ts'
import { requireSameOrigin } from '../auth/require-same-origin.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import type { ApiContext } from '../env.ts'
import * as routes from './routes.ts'

export const invitationLinksApi = createApi()
  .openapi(routes.lookAtInvitationRoute, async (c) => {
    const needs = needsOf(c, undefined)
    return answer(c, await lookAtInvitation(needs, c.req.valid('json').token), 200)
  })
  .openapi(routes.declineInvitationRoute, async (c) => {
    const person = await findPerson(c)
    return answer(c, await declineInvitation(needsOf(c, person), c.req.valid('json').token), 200)
  })
  .openapi(routes.acceptInvitationRoute, async (c) => {
    const person = await findPerson(c)
    if (person === undefined) throw appError('auth.required')
    const accepted = await acceptInvitation(needsOf(c, person), c.req.valid('json').token, person)
    for (const cookie of person.setCookies) c.header('Set-Cookie', cookie, { append: true })
    return answer(c, accepted, 200)
  })

interface Person extends SignedIn {
  setCookies: string[]
}

/** Who signed in, member of something or not; undefined for nobody. A key is nobody here: it cannot be invited. */
async function findPerson(c: ApiContext): Promise<Person | undefined> {
  const { auth, db, now } = c.var.backend
  if (c.req.header('authorization') !== undefined) return undefined
  const found: FoundSession | undefined = await auth.findSession(c.req.raw)
  if (found === undefined) return undefined
  requireSameOrigin(c.req.raw)
  const opened = await directory(db).findBySession({ ...found.session, now: now() })
  if (opened.kind === 'over') return undefined
  const { email } = opened.kind === 'member' ? opened.member : opened
  return { userId: found.session.userId, email, sessionToken: found.session.token, setCookies: found.setCookies }
}

function needsOf(c: ApiContext, person: SignedIn | undefined) {
  const { backend, requestId } = c.var
  return { links: invitationLinks(backend.db, { userId: person?.userId, requestId }), now: backend.now }
}
