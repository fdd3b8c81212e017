import type { BetterAuthOptions } from 'better-auth'
import type { OrganizationOptions } from 'better-auth/plugins/organization'
import { OrganizationId, UserId } from '../../contract/id.ts'
import { newId } from '../../lib/id.ts'
import { base32 } from '../../lib/base32.ts'
import { sessionLimits } from '../../store/sessions.ts'

const minute = 60

/** The header in which the library is told the caller's address. Set by us with every request: never the caller's own. */
export const addressHeader = 'x-leat-address'

/** What the sign-in library is told, but for what only it can make (the adapter, the plugins). */
export function authOptions({
  secret,
  isSecure,
  onSignUp,
}: {
  secret: string
  /** Reached over https: cookies are Secure and bound to the host. Plain http on a machine of one's own cannot. */
  isSecure: boolean
  onSignUp(user: { id: UserId; name: string }): Promise<void>
}) {
  return {
    appName: 'Leat',
    basePath: '/api/auth',
    secret,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
    },
    session: {
      expiresIn: sessionLimits.idleMs / 1_000,
      updateAge: 10 * minute,
      // Sessions are remembered in memory for seconds instead: a cached cookie would outlive a sign-out.
      cookieCache: { enabled: false },
    },
    account: { accountLinking: { enabled: false, disableImplicitLinking: true } },
    // The API counts failures itself, per account and per address (`sign-in-limits.ts`).
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    trustedOrigins: (request?: Request) => (request === undefined ? [] : originsOf(request)),
    databaseHooks: { user: { create: { after: async ({ id, name }) => onSignUp({ id: UserId.parse(id), name }) } } },
    advanced: {
      cookiePrefix: isSecure ? '__Host-leat' : 'leat',
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isSecure, httpOnly: true, sameSite: 'lax', path: '/' },
      // Said although they are the default: in tests the library would otherwise turn both off.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { validateSchema: false, generateId: ({ model }) => idFor(model) },
    },
  } satisfies BetterAuthOptions
}

/** What the organization plugin is told, but for its roles. */
export const organizationOptions = {
  creatorRole: 'owner',
  organizationLimit: 20,
  disableOrganizationDeletion: true,
  schema: { member: { additionalFields: { sight: { type: 'string', required: false, input: false } } } },
} satisfies OrganizationOptions

/** The session cookie's name. */
export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-leat.session_token' : 'leat.session_token'
}

/**
 * The origins a request may come from: its own. Behind a proxy that ends TLS the browser says https where we see http;
 * only whoever holds the host's certificate can say so.
 */
export function originsOf(request: Request): string[] {
  const { protocol, host } = new URL(request.url)
  return protocol === 'https:' ? [`https://${host}`] : [`http://${host}`, `https://${host}`]
}

/** The organization that is a user's from the beginning: named after them, so that it cannot be made twice. */
export function ownOrganizationId(userId: UserId): OrganizationId {
  return OrganizationId.parse(userId.replace(/^usr_/, 'org_'))
}

function idFor(model: string): string {
  switch (model) {
    case 'user':
      return newId('user')
    case 'organization':
      return newId('organization')
    default:
      return base32(crypto.getRandomValues(new Uint8Array(20)))
  }
}
