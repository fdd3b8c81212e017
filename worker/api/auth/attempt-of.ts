import type { Attempt } from './sign-in-limits.ts'

/**
 * What of a request below `/api/auth` counts as trying a password. `email` is the address of whoever's session it is: nobody else is asked for their password again.
 */
export function attemptOf(
  path: string,
  body: unknown,
  { email, address }: { email: string | undefined; address: string | undefined },
): Attempt | undefined {
  switch (path) {
    case '/sign-in/email': {
      const { email: tried } = (body ?? {}) as { email?: unknown }
      return { account: typeof tried === 'string' ? tried : undefined, address }
    }
    case '/change-password':
      return email === undefined ? undefined : { account: email, address }
    default:
      return undefined
  }
}
