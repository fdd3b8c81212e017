// F1. Nobody signs in by somebody else's account today. What the sign-in library is told is tried with one that it takes for
// genuine, so that the day somebody adds a way to sign in does not give away the accounts that are there.

import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { describe, expect, test } from 'vitest'
import { authOptions } from '../../worker/api/auth/auth-options.ts'

const email = 'ada@example.com'

const part = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '')
const token = [{ alg: 'RS256' }, { sub: 'g1', email, email_verified: true, name: 'Ada' }, {}].map(part).join('.')

/** The library as the Worker sets it up, with a provider that vouches for whoever comes as Ada. */
async function withProvider() {
  const rows: Record<string, Record<string, unknown>[]> = { user: [], session: [], account: [], verification: [] }
  const auth = betterAuth({
    ...authOptions({ secret: 'a secret that only tests use, long enough', isSecure: true, onSignUp: async () => {} }),
    baseURL: 'https://leat.test',
    database: memoryAdapter(rows),
    socialProviders: {
      google: { clientId: 'leat', verifyIdToken: async () => true },
    },
  })
  const signIn = () => auth.api.signInSocial({ body: { provider: 'google', idToken: { token } } })
  return { auth, rows, signIn }
}

describe('F1: an account of another service', () => {
  test('does not open the account that has its address', async () => {
    const { auth, rows, signIn } = await withProvider()
    await auth.api.signUpEmail({ body: { email, name: 'Ada', password: 'correct horse battery' } })
    // As it would be where an installation has mail: not even then.
    for (const user of rows['user'] ?? []) user['emailVerified'] = true
    await expect(signIn()).rejects.toThrow('account not linked')
    expect(rows['account']).toMatchObject([{ providerId: 'credential' }])
    expect(rows['session']).toHaveLength(1)
  })

  test('is genuine in this test: alone it signs up', async () => {
    const { rows, signIn } = await withProvider()
    await signIn()
    expect(rows['account']).toMatchObject([{ providerId: 'google' }])
  })
})
