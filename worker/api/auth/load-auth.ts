import { betterAuth } from 'better-auth/minimal'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { organization } from 'better-auth/plugins/organization'
import type { Database } from '../../store/database.ts'
import { authTables } from '../../store/schema/db/people.ts'
import { authOptions, organizationOptions } from './auth-options.ts'
import { accessControl, organizationRoles } from './organization-roles.ts'
import { tellingHooks } from './told-deeds.ts'

/**
 * The sign-in library on our database. Import this file when the first request needs it and not before: it is large,
 * and neither the hot path nor the Worker's start has any use for it.
 */
export function loadAuth(db: Database, options: Parameters<typeof authOptions>[0]) {
  return betterAuth({
    ...authOptions(options),
    database: drizzleAdapter(db, { provider: 'sqlite', schema: authTables, transaction: false }),
    plugins: [
      organization({
        ...organizationOptions,
        ac: accessControl,
        roles: organizationRoles,
        organizationHooks: tellingHooks,
      }),
    ],
  })
}

export type LoadedAuth = ReturnType<typeof loadAuth>
