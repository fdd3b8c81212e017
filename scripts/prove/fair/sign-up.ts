import { createLeatClient, type LeatClient } from '../../client/leat-client.ts'
import type { CreatedApiKey } from '../../../worker/contract/api-key.ts'
import type { CurrentMember } from '../../../worker/contract/member.ts'

/** Somebody new at a running server, with an organization of their own. */
export async function signUp(url: string, name: string): Promise<LeatClient> {
  const ask = async <Data>(method: string, path: string, cookie: string, body?: object): Promise<Data> => {
    const headers = { 'content-type': 'application/json', origin: new URL(url).origin, cookie }
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    const { data } = await response.json<{ data: Data }>()
    return data
  }
  const body = { name, email: `${name.toLowerCase()}@example.com`, password: `${name} and a long password` }
  const answer = await fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`sign-up: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const { capabilities: scopes } = await ask<CurrentMember>('GET', '/api/v2/me', cookie)
  const { secret } = await ask<CreatedApiKey>('POST', '/api/v2/api-keys', cookie, { name: 'Proof', scopes })
  return createLeatClient({ url, apiKey: secret })
}
