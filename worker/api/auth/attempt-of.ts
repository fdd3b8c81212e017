import type { Attempt } from './sign-in-limits.ts'

/**
 * The attempt at a password that a request below `/api/auth` makes, if any. `email` is the address of the session's user, the
 * only one who is asked for a password again.
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
