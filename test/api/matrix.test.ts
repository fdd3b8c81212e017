// The authorisation matrix: every route of the reference, asked by everybody who should not be answered.
//
// It is generated from the OpenAPI document, so a new route is in it from its first day; a route that needs a sample
// body or an expectation of its own fails here until it has one.

import { beforeAll, describe, expect, test } from 'vitest'
import type { Capability } from '../../worker/contract/member.ts'
import { newApiKeySecret } from '../../worker/tenancy/api-key-secret.ts'
import { secretHash } from '../../worker/lib/secret-text.ts'
import { newId } from '../../worker/lib/id.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'
import { makeApi, type Answer, type Member } from '../support/api.ts'
import type { UserId } from '../../worker/contract/id.ts'
import { makeKey, makeMember } from '../support/people.ts'
import { env } from 'cloudflare:workers'

interface Route {
  method: string
  path: string
  /** Whether the path names something that belongs to an organization. */
  isNested: boolean
}

const manual = { id: 'start', type: 'trigger.manual', name: 'Start', position: { x: 0, y: 0 }, params: {} }

/** What a route needs to get past its schema, and the capability that it asks for. */
const expectations: Record<string, { needs: Capability | null; body?: unknown; headers?: Record<string, string> }> = {
  'GET /api/v2/me': { needs: null },
  'GET /api/v2/me/authenticator': { needs: null },
  'POST /api/v2/me/authenticator': { needs: null, body: { password: 'no such password' } },
  'POST /api/v2/me/authenticator/confirm': { needs: null, body: { code: '000000' } },
  'POST /api/v2/me/authenticator/remove': { needs: null, body: { password: 'no such password', code: '000000' } },
  'GET /api/v2/members': { needs: 'member.read' },
  'PATCH /api/v2/members/{userId}': { needs: 'member.manage', body: { sight: 'team' } },
  'DELETE /api/v2/members/{userId}': { needs: 'member.manage' },
  'GET /api/v2/teams': { needs: 'member.read' },
  'POST /api/v2/teams': { needs: 'member.manage', body: { name: 'Matrix' } },
  'GET /api/v2/teams/{teamId}': { needs: 'member.read' },
  'PATCH /api/v2/teams/{teamId}': { needs: 'member.manage', body: { name: 'Taken' } },
  'DELETE /api/v2/teams/{teamId}': { needs: 'member.manage' },
  'PUT /api/v2/teams/{teamId}/members/{userId}': { needs: 'member.manage' },
  'DELETE /api/v2/teams/{teamId}/members/{userId}': { needs: 'member.manage' },
  'GET /api/v2/invitations': { needs: 'member.manage' },
  'POST /api/v2/invitations': { needs: 'member.manage', body: { email: 'matrix@example.com', role: 'viewer' } },
  'POST /api/v2/invitations/{invitationId}/renew': { needs: 'member.manage' },
  'DELETE /api/v2/invitations/{invitationId}': { needs: 'member.manage' },
  'POST /api/v2/invitations/accept': { needs: null, body: { token: 'no such token' } },
  'GET /api/v2/node-types': { needs: 'workflow.read' },
  'GET /api/v2/workflows': { needs: 'workflow.read' },
  'POST /api/v2/workflows': { needs: 'workflow.write', body: { name: 'Matrix' } },
  'GET /api/v2/workflows/{workflowId}': { needs: 'workflow.read' },
  'PATCH /api/v2/workflows/{workflowId}': {
    needs: 'workflow.write',
    body: { name: 'Taken', graph: { version: 1, nodes: [manual], edges: [] } },
    headers: { 'if-match': '"1"' },
  },
  'POST /api/v2/workflows/{workflowId}/validate': { needs: 'workflow.read', body: {} },
  'POST /api/v2/workflows/{workflowId}/publish': { needs: 'workflow.publish', body: {} },
  'POST /api/v2/workflows/{workflowId}/activate': { needs: 'workflow.publish' },
  'POST /api/v2/workflows/{workflowId}/pause': { needs: 'workflow.publish' },
  'POST /api/v2/workflows/{workflowId}/archive': { needs: 'workflow.archive' },
  'POST /api/v2/workflows/{workflowId}/restore': { needs: 'workflow.archive' },
  'GET /api/v2/workflows/{workflowId}/versions': { needs: 'workflow.read' },
  'GET /api/v2/workflows/{workflowId}/versions/{versionId}': { needs: 'workflow.read' },
  'PUT /api/v2/workflows/{workflowId}/hooks/{nodeId}/secret': { needs: 'workflow.write', body: {} },
  'POST /api/v2/workflows/{workflowId}/hooks/{nodeId}/taps': { needs: 'workflow.write' },
  'GET /api/v2/workflows/{workflowId}/hooks/{nodeId}/taps/{tapId}': { needs: 'workflow.write' },
  'DELETE /api/v2/workflows/{workflowId}/hooks/{nodeId}/taps/{tapId}': { needs: 'workflow.write' },
  'POST /api/v2/workflows/{workflowId}/events/{nodeId}/taps': { needs: 'workflow.write' },
  'GET /api/v2/workflows/{workflowId}/events/{nodeId}/taps/{tapId}': { needs: 'workflow.write' },
  'DELETE /api/v2/workflows/{workflowId}/events/{nodeId}/taps/{tapId}': { needs: 'workflow.write' },
  'POST /api/v2/workflows/{workflowId}/execute': { needs: 'workflow.execute', body: {} },
  'POST /api/v2/workflows/{workflowId}/migrations/preview': { needs: 'execution.migrate' },
  'POST /api/v2/workflows/{workflowId}/migrations': { needs: 'execution.migrate' },
  'POST /api/v2/workflows/{workflowId}/test': { needs: 'workflow.execute', body: {} },
  'POST /api/v2/workflows/{workflowId}/simulate': { needs: 'workflow.execute', body: {} },
  'GET /api/v2/executions': { needs: 'execution.read' },
  'GET /api/v2/executions/{executionId}': { needs: 'execution.read' },
  'GET /api/v2/executions/{executionId}/effects': { needs: 'execution.read' },
  'GET /api/v2/executions/{executionId}/progress': { needs: 'execution.read' },
  'POST /api/v2/executions/{executionId}/cancel': { needs: 'execution.cancel', body: {} },
  'POST /api/v2/executions/{executionId}/pause': { needs: 'execution.control' },
  'POST /api/v2/executions/{executionId}/resume': { needs: 'execution.control' },
  'POST /api/v2/executions/{executionId}/skip-step': { needs: 'execution.control', body: { path: 'hook' } },
  'POST /api/v2/executions/{executionId}/retry-step': { needs: 'execution.control', body: { path: 'hook' } },
  'POST /api/v2/executions/{executionId}/jump': { needs: 'execution.control', body: { path: 'hook', to: 'hook' } },
  'POST /api/v2/executions/bulk': { needs: 'execution.control', body: { action: 'pause', filter: {} } },
  'POST /api/v2/executions/{executionId}/retry': { needs: 'execution.retry' },
  'POST /api/v2/executions/{executionId}/fork': {
    needs: 'execution.fork',
    body: { from: 'hook', effects: 'pretend' },
  },
  'GET /api/v2/executions/{executionId}/tree': { needs: 'execution.read' },
  'GET /api/v2/dead-letters': { needs: 'execution.read' },
  'GET /api/v2/dead-letters/{deadLetterId}': { needs: 'execution.read' },
  'POST /api/v2/dead-letters/{deadLetterId}/retry': { needs: 'execution.retry', body: {} },
  'DELETE /api/v2/dead-letters/{deadLetterId}': { needs: 'dead_letter.discard' },
  'POST /api/v2/dead-letters/bulk': { needs: 'dead_letter.discard' },
  'POST /api/v2/events': { needs: 'event.send', body: { type: 'order.paid' } },
  'GET /api/v2/contacts': { needs: 'contact.read' },
  'POST /api/v2/contacts': { needs: 'contact.write', body: { firstName: 'Matrix' } },
  'GET /api/v2/contacts/{contactId}': { needs: 'contact.read' },
  'PATCH /api/v2/contacts/{contactId}': {
    needs: 'contact.write',
    body: { firstName: 'Taken' },
    headers: { 'if-match': '"1"' },
  },
  'DELETE /api/v2/contacts/{contactId}': { needs: 'contact.delete' },
  'POST /api/v2/contacts/bulk-tag': { needs: 'contact.write' },
  'GET /api/v2/contacts/{contactId}/enrolments': { needs: 'contact.read' },
  'GET /api/v2/workflows/{workflowId}/enrolments': { needs: 'execution.read' },
  'GET /api/v2/workflows/{workflowId}/enrolment-stats': { needs: 'execution.read' },
  'GET /api/v2/contact-tags': { needs: 'contact.read' },
  'GET /api/v2/contact-fields': { needs: 'contact.read' },
  'POST /api/v2/contact-fields': {
    needs: 'contact_field.manage',
    body: { key: 'matrix', label: 'Matrix', type: 'text' },
  },
  'PATCH /api/v2/contact-fields/{fieldKey}': { needs: 'contact_field.manage', body: { label: 'Taken' } },
  'DELETE /api/v2/contact-fields/{fieldKey}': { needs: 'contact_field.manage' },
  'GET /api/v2/contact-limits': { needs: 'contact.read' },
  'PUT /api/v2/contact-limits': {
    needs: 'contact_field.manage',
    body: { executions: { limit: 5, windowMs: 86_400_000 } },
  },
  'GET /api/v2/audit': { needs: 'audit.read' },
  'GET /api/v2/approvals': { needs: 'execution.read' },
  'GET /api/v2/approvals/{approvalId}': { needs: 'execution.read' },
  'POST /api/v2/approvals/{approvalId}/decision': {
    needs: 'approval.decide',
    body: { verdict: 'approve', contentHash: 'a'.repeat(64) },
  },
  'GET /api/v2/calendars': { needs: 'workflow.read' },
  'POST /api/v2/calendars': {
    needs: 'calendar.manage',
    body: { name: 'Matrix', timeZone: 'UTC', weekly: { mon: [{ from: '09:00', to: '17:00' }] } },
  },
  'GET /api/v2/calendars/{calendarId}': { needs: 'workflow.read' },
  'PATCH /api/v2/calendars/{calendarId}': {
    needs: 'calendar.manage',
    body: { timeZone: 'Europe/Amsterdam' },
    headers: { 'if-match': '"1"' },
  },
  'DELETE /api/v2/calendars/{calendarId}': { needs: 'calendar.manage' },
  'GET /api/v2/defaults': { needs: 'workflow.read' },
  'PUT /api/v2/defaults': {
    needs: 'defaults.manage',
    body: { retry: { maxRetries: 1 } },
    headers: { 'if-match': '"0"' },
  },
  'GET /api/v2/execution-limit': { needs: 'workflow.read' },
  'PUT /api/v2/execution-limit': { needs: 'defaults.manage', body: { limit: 10 } },
  'GET /api/v2/variables': { needs: 'workflow.read' },
  'PUT /api/v2/variables/{name}': {
    needs: 'variable.manage',
    body: { type: 'string', value: 'matrix' },
    headers: { 'if-match': '"1"' },
  },
  'DELETE /api/v2/variables/{name}': { needs: 'variable.manage' },
  'GET /api/v2/outbound-rules': { needs: 'workflow.read' },
  'PUT /api/v2/outbound-rules': { needs: 'outbound.manage', body: { host: 'matrix.example.com', breaker: false } },
  'DELETE /api/v2/outbound-rules/{host}': { needs: 'outbound.manage' },
  'GET /api/v2/outbound-troubles': { needs: 'workflow.read' },
  'DELETE /api/v2/outbound-troubles/{host}': { needs: 'outbound.manage' },
  'GET /api/v2/api-keys': { needs: 'api_key.manage' },
  'POST /api/v2/api-keys': { needs: 'api_key.manage', body: { name: 'Matrix', scopes: ['api_key.manage'] } },
  'DELETE /api/v2/api-keys/{apiKeyId}': { needs: 'api_key.manage' },
}

/** Routes that anybody may ask: whether the Worker answers, and what to do with an invitation's link. */
const open = ['GET /api/v2/health', 'POST /api/v2/invitations/look', 'POST /api/v2/invitations/decline']

const api = makeApi()
let routes: Route[] = []
let victim: Member
let eve: Member
let colleague: UserId
/** What belongs to the victim, by the parameter that names it. */
let theirs: Record<string, string>
/** Texts that only the victim's organization knows. */
let canaries: string[]

function nameOf({ method, path }: Route): string {
  return `${method} ${path}`
}

function ask(route: Route, as: { as?: Member; key?: string }): Promise<Answer> {
  const { body, headers = {} } = expectations[nameOf(route)] ?? {}
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => theirs[name] ?? `no-${name}`)
  return api.send(route.method, path, { ...as, headers, ...(body === undefined ? {} : { body }) })
}

function leaks({ text }: Answer): string[] {
  return canaries.filter((canary) => text.includes(canary))
}

beforeAll(async () => {
  const { text } = await api.send('GET', '/api/v2/openapi.json')
  routes = Object.entries<Record<string, unknown>>(JSON.parse(text).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path, isNested: path.includes('{') })),
  )
  victim = await api.signUp('Victoria')
  eve = await api.signUp('Eve')

  const graph = {
    version: 1,
    nodes: [{ id: 'hook', type: 'trigger.webhook', name: 'canary-node', position: { x: 0, y: 0 }, params: {} }],
    edges: [],
  }
  const body = { name: 'canary-name', description: 'canary-description', visibility: 'organization', graph }
  const { data: workflow } = await api.send('POST', '/api/v2/workflows', { as: victim, body })
  const { data: version } = await api.send('POST', `/api/v2/workflows/${workflow.id}/publish`, { as: victim })
  const key = { name: 'canary-key', scopes: ['workflow.read'] }
  const shop = { name: 'canary-calendar', timeZone: 'UTC', weekly: {} }
  // The first is the default, which cannot be deleted while there is another.
  await api.send('POST', '/api/v2/calendars', { as: victim, body: shop })
  const { data: calendar } = await api.send('POST', '/api/v2/calendars', { as: victim, body: shop })
  const variable = { type: 'string', value: 'canary-value', description: 'canary-variable' }
  await api.send('PUT', '/api/v2/variables/canaryName', { as: victim, body: variable })
  const { data: apiKey } = await api.send('POST', '/api/v2/api-keys', { as: victim, body: key })
  const person = {
    firstName: 'canary-person',
    email: 'canary-person@example.com',
    visibility: 'organization',
    tags: ['canary-tag'],
  }
  const { data: contact } = await api.send('POST', '/api/v2/contacts', { as: victim, body: person })
  const contactField = { key: 'canaryField', label: 'canary-field', type: 'text' }
  await api.send('POST', '/api/v2/contact-fields', { as: victim, body: contactField })
  expectations['POST /api/v2/contacts/bulk-tag']!.body = { contactIds: [contact.id], add: ['matrix'] }
  const executionId = newId('execution')
  const record: ExecutionRecord[] = [
    {
      organizationId: victim.organizationId,
      id: executionId,
      workflowId: workflow.id,
      workflowName: 'canary-name',
      versionId: version.id,
      versionNumber: 1,
      status: 'failed',
      triggerKind: 'webhook',
      eventId: newId('event'),
      generation: 1,
      seq: 1,
      acceptedAt: Date.now(),
      finishedAt: Date.now(),
      wakeAt: null,
      objectUntil: null,
      stepCount: 0,
      failure: { kind: 'terminal', code: 'canary', message: 'canary-failure' },
      journal: [],
    },
  ]
  const another = { ...record[0]!, id: newId('execution') }
  await writeRecords(env.LOGS, [...record, another].map(toRow))
  for (const name of ['migrations/preview', 'migrations'])
    expectations[`POST /api/v2/workflows/{workflowId}/${name}`]!.body = { to: version.id }
  expectations['POST /api/v2/dead-letters/bulk']!.body = { action: 'discard', ids: [another.id] }
  colleague = await makeMember(victim.organizationId, { role: 'owner' })
  const guest = { email: 'canary-guest@example.com', role: 'viewer' }
  const { data: invitation } = await api.send('POST', '/api/v2/invitations', { as: victim, body: guest })
  const { data: team } = await api.send('POST', '/api/v2/teams', { as: victim, body: { name: 'canary-team' } })
  theirs = {
    teamId: team.id,
    invitationId: invitation.id,
    userId: await makeMember(victim.organizationId),
    contactId: contact.id,
    fieldKey: contactField.key,
    workflowId: workflow.id,
    versionId: version.id,
    nodeId: 'hook',
    tapId: newId('tap'),
    executionId,
    deadLetterId: executionId,
    apiKeyId: apiKey.id,
    approvalId: newId('approval'),
    calendarId: calendar.id,
    name: 'canaryName',
    host: 'canary-host.example.com',
  }
  await api.send('PUT', '/api/v2/outbound-rules', { as: victim, body: { host: theirs['host'], breaker: false } })
  canaries = ['canary-', victim.email, victim.organizationId, victim.userId, workflow.hooks[0].path, apiKey.secret]
})

test('every route is either open to anybody or has its line here', () => {
  expect(routes.map(nameOf).sort()).toEqual([...open, ...Object.keys(expectations)].sort())
})

describe('nobody is answered', () => {
  test('without a session or a key', async () => {
    for (const route of routes.filter((candidate) => !open.includes(nameOf(candidate)))) {
      const answer = await ask(route, {})
      expect([nameOf(route), answer.status, answer.error.code, leaks(answer)]).toEqual([
        nameOf(route),
        401,
        'auth.required',
        [],
      ])
    }
  })

  test('with a key that is unknown, malformed, expired or revoked', async () => {
    const scopes: Capability[] = ['workflow.read']
    const expired = await makeKey(victim.userId, victim.organizationId, scopes)
    const revoked = await makeKey(victim.userId, victim.organizationId, scopes)
    await env.DB.prepare('UPDATE api_keys SET expires_at = 1 WHERE hash = ?').bind(secretHash(expired)).run()
    await env.DB.prepare('UPDATE api_keys SET revoked_at = 1 WHERE hash = ?').bind(secretHash(revoked)).run()
    for (const key of [newApiKeySecret(), 'leat_short', 'x', expired, revoked]) {
      for (const route of routes.filter((candidate) => !open.includes(nameOf(candidate)))) {
        const answer = await ask(route, { key })
        expect([nameOf(route), answer.status, leaks(answer)]).toEqual([nameOf(route), 401, []])
      }
    }
  })

  test('by a cookie that comes along with a wrong key', async () => {
    const answer = await api.send('GET', '/api/v2/workflows', { as: victim, key: newApiKeySecret() })
    expect([answer.status, answer.error.code]).toEqual([401, 'auth.invalid_key'])
  })
})

describe('G4: the owner of another organization', () => {
  test('meets every id of ours as if it did not exist, by session and by key', async () => {
    const key = await makeKey(eve.userId, eve.organizationId, [...allCapabilities()])
    for (const route of routes.filter(({ isNested }) => isNested)) {
      for (const as of [{ as: eve }, { key }]) {
        const answer = await ask(route, as)
        expect([nameOf(route), answer.status, leaks(answer)]).toEqual([nameOf(route), 404, []])
      }
    }
  })

  test('G6: sees nothing of ours in any list', async () => {
    for (const route of routes.filter(({ isNested, method }) => !isNested && method === 'GET')) {
      const answer = await ask(route, { as: eve })
      expect([nameOf(route), answer.status, leaks(answer)]).toEqual([nameOf(route), 200, []])
    }
  })

  test('is refused an organization, an owner, an id or a status in a body', async () => {
    for (const [field, value] of Object.entries({
      organizationId: victim.organizationId,
      tenantId: victim.organizationId,
      createdBy: victim.userId,
      userId: victim.userId,
      id: theirs['workflowId'],
      role: 'owner',
      status: 'active',
      publishedNumber: 9,
    })) {
      for (const route of routes.filter(({ method }) => method !== 'GET' && method !== 'DELETE')) {
        const { body } = expectations[nameOf(route)] ?? {}
        if (body === undefined || (field === 'id' && route.path === '/api/v2/events')) continue
        // What a member is to be is theirs to say who may give it.
        if (field === 'role' && /\/(members|invitations)\b/.test(route.path)) continue
        const answer = await api.send(
          route.method,
          route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => theirs[name] ?? ''),
          {
            as: eve,
            body: { ...(body as object), [field]: value },
            headers: expectations[nameOf(route)]!.headers ?? {},
          },
        )
        expect([nameOf(route), field, answer.status, leaks(answer)]).toEqual([nameOf(route), field, 400, []])
      }
    }
  })

  test('is refused an organization named by a header or the query', async () => {
    const headers = { 'x-organization-id': victim.organizationId, 'x-tenant-id': victim.organizationId }
    const byHeader = await api.send('GET', '/api/v2/workflows', { as: eve, headers })
    expect([byHeader.status, byHeader.data.items]).toEqual([200, []])
    const byQuery = await api.send('GET', `/api/v2/workflows?organizationId=${victim.organizationId}`, { as: eve })
    expect(byQuery.status).toBe(400)
  })

  test('has changed nothing of ours by all this', async () => {
    const { data } = await api.send('GET', `/api/v2/workflows/${theirs['workflowId']}`, { as: victim })
    expect(data).toMatchObject({ name: 'canary-name', revision: 1, status: 'active', publishedNumber: 1 })
    expect(api.runtime.starts).toEqual([])
    expect(api.runtime.cancelled).toEqual([])
  })
})

describe('G5: a key without the scope', () => {
  test('is refused by every route that asks for it, and the refusal names it', async () => {
    for (const route of routes) {
      const { needs } = expectations[nameOf(route)] ?? { needs: null }
      if (needs === null) continue
      const others = allCapabilities().filter((capability) => capability !== needs)
      const answer = await ask(route, { key: await makeKey(colleague, victim.organizationId, others) })
      expect([nameOf(route), answer.status, answer.error?.code, answer.error?.details, leaks(answer)]).toEqual([
        nameOf(route),
        403,
        'auth.forbidden',
        { needs },
        [],
      ])
    }
  })

  test('M4: is in the audit for what it tried', async () => {
    const key = await makeKey(colleague, victim.organizationId, ['workflow.read'])
    await api.send('POST', '/api/v2/workflows', { key, body: { name: 'No' } })
    const { results } = await env.DB.prepare(
      `SELECT action, outcome FROM audit_entries WHERE organization_id = ? AND outcome = 'denied' ORDER BY seq DESC LIMIT 1`,
    )
      .bind(victim.organizationId)
      .all()
    expect(results).toEqual([{ action: 'POST /api/v2/workflows', outcome: 'denied' }])
  })
})

describe('M3: every route that changes something', () => {
  test('leaves an entry in the audit', async () => {
    const key = await makeKey(colleague, victim.organizationId, [...allCapabilities()])
    const count = async () => {
      const row = await env.DB.prepare(
        `SELECT count(*) AS entries FROM audit_entries WHERE organization_id = ? AND outcome = 'done'`,
      )
        .bind(victim.organizationId)
        .first<{ entries: number }>()
      return row!.entries
    }
    const live = { workflowId: theirs['workflowId'] }
    api.runtime.live.set(`${victim.organizationId}/${theirs['executionId']}`, live as never)
    /** Asks that change nothing here: they only look, end a look, or carry an event, which the executions it starts tell of. */
    const silent = [
      'POST /api/v2/workflows/{workflowId}/validate',
      'POST /api/v2/workflows/{workflowId}/test',
      'POST /api/v2/workflows/{workflowId}/simulate',
      'POST /api/v2/workflows/{workflowId}/migrations/preview',
      'DELETE /api/v2/workflows/{workflowId}/hooks/{nodeId}/taps/{tapId}',
      'DELETE /api/v2/workflows/{workflowId}/events/{nodeId}/taps/{tapId}',
      'POST /api/v2/events',
    ]
    /**
     * Need an execution that asks or came to a step, a trigger of events, or a session: `approvals`, `forks`, `event-taps`,
     * `authenticator` and `invitations.test.ts` look.
     */
    const elsewhere = [
      'POST /api/v2/workflows/{workflowId}/events/{nodeId}/taps',
      'POST /api/v2/approvals/{approvalId}/decision',
      'POST /api/v2/executions/{executionId}/fork',
      'POST /api/v2/me/authenticator',
      'POST /api/v2/me/authenticator/confirm',
      'POST /api/v2/me/authenticator/remove',
      'DELETE /api/v2/outbound-troubles/{host}',
      ...routes.map(nameOf).filter((name) => /\/invitations\/(look|decline|accept)$/.test(name)),
    ]
    const changing = routes
      .filter((route) => route.method !== 'GET' && !elsewhere.includes(nameOf(route)))
      .sort(inOrderOfLife)
    for (const route of changing) {
      const before = await count()
      const answer = await ask(route, { key })
      expect([nameOf(route), answer.status < 300], answer.text).toEqual([nameOf(route), true])
      expect([nameOf(route), (await count()) - before]).toEqual([nameOf(route), silent.includes(nameOf(route)) ? 0 : 1])
    }
  })
})

/** Routes in an order in which each finds the workflow in a state that lets it succeed. */
function inOrderOfLife(left: Route, right: Route): number {
  const order = [
    'PATCH',
    'secret',
    'execute',
    'publish',
    'pause',
    'activate',
    'archive',
    'restore',
    'bulk-tag',
    '{teamId}/members',
    'DELETE',
  ]
  const place = (route: Route) => order.findIndex((word) => nameOf(route).includes(word))
  return place(left) - place(right)
}

function allCapabilities(): Capability[] {
  const needed = Object.values(expectations).flatMap(({ needs }) => (needs === null ? [] : [needs]))
  return [...new Set<Capability>([...needed, 'execution.read_payload'])]
}
