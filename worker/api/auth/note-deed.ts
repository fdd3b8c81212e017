// note-deed
//
// What was done or refused below `/api/auth`, in the audit of the organization in which it was.
//
// The library's changes are its own statements, so an entry cannot be in one batch with its change: it is written
// right after it, before the answer. A client that hangs up meanwhile does not stop it, see `index.ts`.

import { OrganizationId, UserId } from '../../contract/id.ts'
import { recordDeed, type Deed } from '../../store/audit.ts'
import type { Database } from '../../store/database.ts'
import { directory } from '../../store/directory.ts'
import type { ToldDeed } from './told-deeds.ts'

/** The sender of a request, as far as the session says. */
export interface KnownActor {
  userId: UserId | null
  organizationId: OrganizationId | null
  email: string | undefined
}

/** A request below `/api/auth`, and what came of it. */
export interface Answered {
  path: string
  body: unknown
  actor: KnownActor
  status: number
  /** The answer's body. */
  answer: unknown
  /** What the organization plugin says it did. */
  told: ToldDeed[]
  requestId: string
}

type Noted = Omit<Deed, 'action'> & { organizationId: OrganizationId | null; actorId: UserId | null }

/** Writes the entry. A request that changed nothing and was not refused has none. */
export async function noteDeed(db: Database, answered: Answered): Promise<void> {
  const { path, requestId } = answered
  const noted = answered.status < 400 ? await done(db, answered) : await refused(db, answered)
  if (noted === undefined) return
  const { organizationId, actorId, ...deed } = noted
  const action = `auth.${path.slice(1).replaceAll('/', '.').replaceAll('-', '_')}`
  const actor = { organizationId, actorId, via: 'session' as const, apiKeyId: null, requestId }
  await recordDeed(db, actor, { ...deed, action })
}

async function done(db: Database, { path, actor, answer, told }: Answered): Promise<Noted> {
  const { userId, organizationId } = actor
  const last = told.at(-1)
  if (last !== undefined) return { actorId: userId, ...last, details: shortened(last.details) }
  switch (path) {
    case '/sign-in/email':
    case '/sign-up/email': {
      // The session of a request that signs in may be another person's.
      const signedIn = UserId.parse(textAt(answer, 'user', 'id'))
      const opened = await directory(db).findMember(signedIn, null)
      return { actorId: signedIn, organizationId: opened?.organizationId ?? null }
    }
    case '/organization/set-active':
      return { actorId: userId, organizationId: organizationAt(answer, 'id') ?? organizationId }
    default:
      return { actorId: userId, organizationId }
  }
}

/** Codes by which the library refuses somebody with a status that means a mistake. */
const refusals = ['INVALID_PASSWORD', 'USER_IS_NOT_A_MEMBER_OF_THE_ORGANIZATION']

async function refused(db: Database, { body, actor, status, answer }: Answered): Promise<Noted | undefined> {
  const { userId } = actor
  const isRefusal = status === 401 || status === 403 || refusals.includes(textAt(answer, 'code') ?? '')
  // Strangers leave no entries: there is no organization that could read them, and no end to them.
  if (!isRefusal || userId === null) return undefined
  const people = directory(db)
  const asked = organizationAt(body, 'organizationId') ?? organizationAt(body, 'data', 'organizationId')
  const isMember = asked !== undefined && (await people.findMember(userId, asked))?.organizationId === asked
  const organizationId = isMember ? asked : actor.organizationId
  return { actorId: userId, organizationId, details: {}, outcome: 'denied' }
}

/** Names and what was asked for may be of any length, and an entry stays for ever. */
const longest = 200

function shortened(details: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(details).map(([name, text]) => [name, text.slice(0, longest)]))
}

function textAt(value: unknown, ...path: string[]): string | undefined {
  let at: unknown = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return typeof at === 'string' ? at : undefined
}

function organizationAt(value: unknown, ...path: string[]): OrganizationId | undefined {
  return OrganizationId.safeParse(textAt(value, ...path)).data
}
