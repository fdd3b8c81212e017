// People and organizations in the test's own database, without the sign-in library: a password takes a tenth of a
// second to hash, and most tests are about what comes after.

import { env } from 'cloudflare:workers'
import type { OrganizationId, TeamId, UserId } from '../../worker/contract/id.ts'
import type { Capability, Role, Sight } from '../../worker/contract/member.ts'
import { apiKeyPrefix, newApiKeySecret } from '../../worker/tenancy/api-key-secret.ts'
import { secretHash } from '../../worker/lib/secret-text.ts'
import { newId } from '../../worker/lib/id.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { directory } from '../../worker/store/directory.ts'
import { apiKeys } from '../../worker/store/schema/db/access.ts'
import { members, organizations, teamMembers, teams, users } from '../../worker/store/schema/db/people.ts'
import { openStores } from '../../worker/store/stores.ts'
import { teamNameKey } from '../../worker/store/teams.ts'
import { admitMember } from '../../worker/tenancy/scope.ts'
import type { Context, NodeCatalogue } from '../../worker/usecases/context.ts'
import { createApprovalRuntime } from '../../worker/runtime/approvals/approval-runtime.ts'
import { createGateRuntime } from '../../worker/runtime/gate/gate-runtime.ts'
import { createTapRuntime } from '../../worker/runtime/inbox/tap-runtime.ts'
import { createOutboundRuntime } from '../../worker/runtime/outbound/outbound-runtime.ts'
import { createContactRuntime } from '../../worker/runtime/contact/contact-runtime.ts'
import { createVault } from '../../worker/vault/index.ts'
import { FakeRuntime } from './fake-runtime.ts'

export const db = openDatabase(env.DB)
export const logs = openDatabase(env.LOGS)

let made = 0

/** An organization without members. */
export async function makeOrganization(): Promise<OrganizationId> {
  const id = newId('organization')
  await db.insert(organizations).values({ id, name: `Organization ${++made}`, slug: id, createdAt: new Date(made) })
  return id
}

/** A team of an organization. */
export async function makeTeam(organizationId: OrganizationId): Promise<TeamId> {
  const id = newId('team')
  const name = `Team ${++made}`
  await db.insert(teams).values({ id, name, nameKey: teamNameKey(name), organizationId, createdAt: new Date() })
  return id
}

/** A new user who is a member of the organization. */
export async function makeMember(
  organizationId: OrganizationId,
  { role = 'editor', sight = null, teamIds = [] }: { role?: Role; sight?: Sight | null; teamIds?: TeamId[] } = {},
): Promise<UserId> {
  const id = newId('user')
  const at = new Date()
  await db.batch([
    db.insert(users).values({ id, name: `Person ${++made}`, email: `${id}@example.com`, createdAt: at, updatedAt: at }),
    db.insert(members).values({ id: `m${made}-${id}`, organizationId, userId: id, role, sight, createdAt: at }),
    ...teamIds.map((teamId) =>
      db.insert(teamMembers).values({ id: `${teamId}-${id}`, teamId, userId: id, createdAt: at }),
    ),
  ])
  return id
}

/** An API key of a member. */
export async function makeKey(userId: UserId, organizationId: OrganizationId, scopes: Capability[]): Promise<string> {
  const secret = newApiKeySecret()
  await db.insert(apiKeys).values({
    id: newId('apiKey'),
    organizationId,
    hash: secretHash(secret),
    name: 'Key',
    prefix: apiKeyPrefix(secret),
    scopes,
    createdBy: userId,
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 3_600_000),
  })
  return secret
}

export interface TestContext extends Context {
  runtime: FakeRuntime
}

/** Node types that find nothing wrong. */
export const allowEverything: NodeCatalogue = { describe: () => [], validate: () => [] }

/** The use cases' context of a member, as the API would make it. */
export async function contextOf(
  userId: UserId,
  organizationId: OrganizationId,
  { nodes = allowEverything, runtime = new FakeRuntime() }: { nodes?: NodeCatalogue; runtime?: FakeRuntime } = {},
): Promise<TestContext> {
  const people = directory(db)
  const member = await people.findMember(userId, organizationId)
  if (member === undefined) throw new Error('no such member')
  const scope = admitMember(member)
  return {
    ...openStores({ db, logs }, scope, 'req_test'),
    scope,
    member,
    listOrganizations: () => people.listOrganizations(userId),
    runtime,
    contactRuntime: createContactRuntime(env),
    approvalRuntime: createApprovalRuntime(env),
    outboundRuntime: createOutboundRuntime(env),
    gateRuntime: createGateRuntime(env),
    tapRuntime: createTapRuntime(env),
    nodes,
    vault: createVault({ rootSecret: env.LEAT_SECRET }),
    yardsticks: new Map(),
    now: () => new Date(),
    origin: 'https://leat.test',
  }
}

/** A context of a new member in a new organization. */
export async function makeContext(options: Parameters<typeof makeMember>[1] & Parameters<typeof contextOf>[2] = {}) {
  const organizationId = await makeOrganization()
  return contextOf(await makeMember(organizationId, options), organizationId, options)
}
