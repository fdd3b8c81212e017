import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import worker from '../../worker/index.ts'

const origin = 'https://leat.example.com'

/** Signs somebody up as a proxy hands it on that ends TLS and asks by an address of its own. */
async function signUpThrough(settings: { LEAT_ORIGIN?: string }): Promise<Response> {
  const request = new Request<unknown, IncomingRequestCfProperties>('http://10.0.0.7:8787/api/auth/sign-up/email', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ name: 'Ada', email: `${crypto.randomUUID()}@example.com`, password: 'engine engine 1843' }),
  })
  const context = createExecutionContext()
  const response = await worker.fetch(request, { ...env, ...settings }, context)
  await waitOnExecutionContext(context)
  return response
}

test('a browser at the address that is set signs in, with a cookie for TLS only', async () => {
  const response = await signUpThrough({ LEAT_ORIGIN: origin })
  expect(response.status).toBe(200)
  expect(response.headers.getSetCookie().join()).toMatch(/__Host-leat\.session_token=[^;]+;.*Secure/i)
})

test('where no address is set, a request by another one than its page’s is refused', async () => {
  expect((await signUpThrough({ LEAT_ORIGIN: '' })).status).toBe(403)
})
