// The API on the test's own databases, with a runtime that remembers instead of running.

import { env } from 'cloudflare:workers'
import type { OrganizationId, UserId } from '../../worker/contract/id.ts'
import { createBackend } from '../../worker/api/backend.ts'
import { createApp } from '../../worker/api/create-app.ts'
import { openDatabase } from '../../worker/store/database.ts'
import type { NodeCatalogue } from '../../worker/usecases/context.ts'
import { createApprovalRuntime } from '../../worker/runtime/approvals/approval-runtime.ts'
import { createContactRuntime } from '../../worker/runtime/contact/contact-runtime.ts'
import { createGateRuntime } from '../../worker/runtime/gate/gate-runtime.ts'
import { createTapRuntime } from '../../worker/runtime/inbox/tap-runtime.ts'
import { createOutboundRuntime } from '../../worker/runtime/outbound/outbound-runtime.ts'
import { createVault } from '../../worker/vault/index.ts'
import { FakeRuntime } from './fake-runtime.ts'
import { allowEverything } from './people.ts'

export const origin = 'https://leat.test'

export interface TestApi {
  runtime: FakeRuntime
  /** Sends a request as a browser on our own pages would, or as a program with a key. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>
  /** A new user, signed in, with an organization of their own. */
  signUp(name?: string): Promise<Member>
}

export interface SendOptions {
  as?: Pick<Member, 'cookie'>
  key?: string
  body?: unknown
  headers?: Record<string, string>
}

/** JSON of any shape: a test knows what it expects. */
export type Parsed = ReturnType<typeof JSON.parse>

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The envelope's parts; undefined where the answer has none. */
  data: Parsed
  error: Parsed
  metadata: Parsed
}

export interface Member {
  userId: UserId
  email: string
  cookie: string
  organizationId: OrganizationId
}

export const password = 'correct horse battery'

let made = 0

export function makeApi({
  nodes = allowEverything,
  setupToken,
  addressHeader,
  now,
  rootSecret = env.LEAT_SECRET,
}: ApiOptions = {}): TestApi {
  const runtime = new FakeRuntime()
  const vault = createVault({ rootSecret })
  const parts = {
    db: openDatabase(env.DB),
    logs: openDatabase(env.LOGS),
    runtime,
    contactRuntime: createContactRuntime(env),
    approvalRuntime: createApprovalRuntime(env),
    outboundRuntime: createOutboundRuntime(env),
    gateRuntime: createGateRuntime(env),
    tapRuntime: createTapRuntime(env),
    nodes,
    vault,
    setupToken,
    addressHeader,
  }
  const backend = createBackend(now === undefined ? parts : { ...parts, now })
  const app = createApp(() => backend)

  async function send(
    method: string,
    path: string,
    { as, key, body, headers = {} }: SendOptions = {},
  ): Promise<Answer> {
    const response = await app.request(
      `${origin}${path}`,
      {
        method,
        headers: {
          ...(as === undefined ? {} : { cookie: as.cookie, origin }),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      },
      env,
    )
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, ...parse(text) }
  }

  return {
    runtime,
    send,
    async signUp(name = 'Ada Lovelace') {
      const email = `person${++made}@example.com`
      // Each from an address of their own: how many may come from one is not what most tests are about.
      const headers = { 'cf-connecting-ip': `person-${made}` }
      const answer = await send('POST', '/api/auth/sign-up/email', { body: { name, email, password }, headers })
      if (answer.status !== 200) throw new Error(`sign-up failed: ${answer.status} ${answer.text}`)
      const cookie = cookieOf(answer.headers)
      const me = await send('GET', '/api/v2/me', { as: { cookie } })
      return { userId: me.data.userId, email, cookie, organizationId: me.data.organization.id }
    },
  }
}

export interface ApiOptions {
  nodes?: NodeCatalogue
  setupToken?: string
  addressHeader?: string
  now?: () => Date
  rootSecret?: string
}

/** The cookies an answer sets, as the browser would send them back. */
export function cookieOf(headers: Headers): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
}

function parse(text: string): Pick<Answer, 'data' | 'error' | 'metadata'> {
  try {
    const { data, error, metadata } = JSON.parse(text)
    return { data, error, metadata }
  } catch {
    return { data: undefined, error: undefined, metadata: undefined }
  }
}
