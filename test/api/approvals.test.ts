import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'
import { contentHash as hashOf } from '../../worker/approvals/content-hash.ts'
import type { Execution } from '../../worker/contract/execution.ts'
import { ApprovalId, type ExecutionId, type UserId } from '../../worker/contract/id.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { newId } from '../../worker/lib/id.ts'
import { readPlainBase32 } from '../../worker/lib/plain-base32.ts'
import { executionOf } from '../../worker/runtime/execution/execution-stub.ts'
import { findApproval, projectApproval } from '../../worker/store/approvals.ts'
import { recordDeed, type Deed } from '../../worker/store/audit.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { members } from '../../worker/store/schema/db/people.ts'
import { createVault } from '../../worker/vault/index.ts'
import { totpCode, totpStepAt } from '../../worker/vault/totp.ts'
import { makeApi, origin, password, type Answer, type Member } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'
import { callable, eventually, graph, node, publish, runtime, type Published } from '../support/published.ts'

const api = makeApi()
const db = openDatabase(env.DB)
const vault = createVault({ rootSecret: env.LEAT_SECRET })
const outsider = 'grace@outside.example'

interface Asked {
  of: Published
  executionId: ExecutionId
  id: ApprovalId
  hash: string
}

//  start ──► ask ─approved─► yes,  ─rejected─► no,  ─expired─► late
async function ask(as: Member, params: JsonObject = {}): Promise<Asked> {
  const drawn = graph(
    [
      node('start', 'trigger.manual'),
      node('ask', 'people.approval', {
        title: 'Pay <b>{{ trigger.data.total }}</b>?',
        approvers: `${as.email}, ${outsider}`,
        details: { total: '{{ trigger.data.total }}' },
        ...params,
      }),
      ...['yes', 'no', 'late'].map((id) => node(id, 'flow.end', { reason: id })),
    ],
    'start>ask',
    'ask:approved>yes',
    'ask:rejected>no',
    'ask:expired>late',
  )
  const of = await publish(drawn, as.organizationId)
  const { executionId } = await runtime().start({
    ...of,
    trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: { total: 120 } } },
  })
  const row = await eventually(async () => {
    const found = await env.DB.prepare('SELECT id FROM approvals WHERE execution_id = ?')
      .bind(executionId)
      .first<{ id: string }>()
    return found ?? undefined
  })
  const id = ApprovalId.parse(row.id)
  const stored = await findApproval(db, as.organizationId, id)
  return { of, executionId, id, hash: hashOf(stored!.request.content) }
}

const decide = (as: Member, { id, hash }: Asked, body: object = {}) =>
  api.send('POST', `/api/v2/approvals/${id}/decision`, {
    as,
    body: { verdict: 'approve', contentHash: hash, comment: 'Fine.', ...body },
  })

async function linkTo(as: Member, { id }: Asked, email = outsider): Promise<string> {
  const stored = await findApproval(db, as.organizationId, id)
  const expiresAt = stored!.dueAt.getTime()
  return `/approvals/${await vault.signApproval({ organizationId: as.organizationId, approvalId: id, email, expiresAt })}`
}

const stampIn = ({ text }: Answer) => /name="stamp" value="([0-9a-f]{64})"/.exec(text)?.[1] ?? ''

async function post(link: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return api.send('POST', link, {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin, ...headers },
  })
}

/** Opens the link and presses a button. */
async function press(link: string, asked: Asked, verdict: 'approve' | 'reject', headers?: Record<string, string>) {
  const stamp = stampIn(await api.send('GET', link))
  return post(link, { verdict, comment: 'By link.', contentHash: asked.hash, stamp }, headers)
}

const find = ({ of, executionId }: Asked) => runtime().findLive(of.organizationId, executionId)

function ended(asked: Asked): Promise<Execution> {
  return eventually(async () => {
    const execution = await find(asked)
    return execution?.finishedAt === undefined ? undefined : execution
  })
}

const votesOf = async (as: Member, { id }: Asked) => (await findApproval(db, as.organizationId, id))?.votes ?? []
const last = (execution: Execution) => execution.steps.at(-1)?.nodeId

describe('deciding in the app', () => {
  test('who is asked finds it, decides, and the workflow goes on with who, when, why and the hash', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada)
    const listed = (await api.send('GET', '/api/v2/approvals', { as: ada })).data.items
    expect(listed).toMatchObject([{ id: asked.id, status: 'open', content: { details: { total: 120 } } }])
    const { status, data } = await decide(ada, asked)
    expect([status, data.status, data.decidedByMe]).toEqual([200, 'approved', true])
    const execution = await ended(asked)
    expect(last(execution)).toBe('yes')
    expect(execution.steps.find(({ nodeId }) => nodeId === 'ask')?.output).toMatchObject({
      status: 'approved',
      decisions: [{ email: ada.email, verdict: 'approve', comment: 'Fine.', contentHash: asked.hash, isMember: true }],
    })
    expect((await api.send('GET', '/api/v2/approvals', { as: ada })).data.items).toEqual([])
    expect((await api.send('GET', '/api/v2/approvals?status=closed', { as: ada })).data.items).toHaveLength(1)
  })

  test('E2: twenty decisions at once count as one; all others find it', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada, { quorum: 'all' })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => decide(ada, asked, { verdict: index % 2 === 0 ? 'approve' : 'reject' })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
    expect(await votesOf(ada, asked)).toHaveLength(1)
  })

  test('E2: after the time is over, after a cancellation and after a crash it is as it was decided', async () => {
    const ada = await api.signUp()
    const over = await ask(ada, { atMost: '2 seconds' })
    await ended(over)
    expect((await decide(ada, over)).status).toBe(410)
    expect(last((await find(over))!)).toBe('late')

    const cancelled = await ask(ada)
    await runtime().cancel(ada.organizationId, cancelled.executionId, ada.userId, 'no')
    expect((await decide(ada, cancelled)).error.code).toBe('approval.closed')

    const crashed = await ask(ada, { quorum: 'all' })
    expect((await decide(ada, crashed)).status).toBe(200)
    const object = executionOf(env, ada.organizationId, crashed.executionId)
    await evictDurableObject(object)
    expect((await decide(ada, crashed)).error.code).toBe('approval.decided')
    await runDurableObjectAlarm(object)
    expect(await votesOf(ada, crashed)).toHaveLength(1)
    const { results } = await env.DB.prepare(
      "SELECT actor_id AS actorId, via FROM audit_entries WHERE action = 'approval.decided' AND target_id = ?",
    )
      .bind(crashed.id)
      .all()
    expect(results).toEqual([{ actorId: ada.userId, via: 'session' }])
  })

  test('M1: a decision is in the audit although the database was away when it was made, once', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada, { quorum: 'all' })
    const approval = await findApproval(db, ada.organizationId, asked.id)
    if (approval === undefined) throw new Error('not asked')
    const vote = {
      by: {
        kind: 'member' as const,
        userId: ada.userId,
        name: 'Ada',
        email: 'ada@example.com',
        role: 'owner' as const,
      },
      verdict: 'approve' as const,
      comment: '',
      contentHash: 'a'.repeat(64),
      signedBy: null,
      through: { via: 'session' as const, apiKeyId: null, requestId: 'req' },
      at: Date.now(),
    }
    // As the execution tells it when it can: at first nothing of it is there, then it is told again and again.
    for (const seq of [approval.seq + 1, approval.seq + 1, approval.seq + 2]) {
      await projectApproval(db, { ...approval, votes: [vote], seq })
    }
    await projectApproval(db, { ...approval, votes: [], seq: approval.seq })
    const { results } = await env.DB.prepare(
      "SELECT actor_id AS actorId, request_id AS requestId FROM audit_entries WHERE action = 'approval.decided' AND target_id = ?",
    )
      .bind(asked.id)
      .all()
    expect(results).toEqual([{ actorId: ada.userId, requestId: 'req' }])
  })

  test('E3: another organization finds nothing, and other content is not decided about', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const asked = await ask(ada)
    expect((await decide(eve, asked)).status).toBe(404)
    expect((await api.send('GET', `/api/v2/approvals/${asked.id}`, { as: eve })).status).toBe(404)
    expect((await decide(ada, asked, { contentHash: 'b'.repeat(64) })).error.code).toBe('approval.changed')
    expect(await votesOf(ada, asked)).toEqual([])
  })

  test('E4: a reader does not approve, a named reader does; a key needs the capability and cannot sign', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada, { approvers: 'nobody@example.com', roles: ['owner', 'admin'], quorum: 'all' })
    const viewer = await memberOf(ada, 'viewer')
    expect((await decide(viewer, asked)).status).toBe(403)
    expect((await api.send('GET', '/api/v2/approvals', { as: viewer })).data.items).toEqual([])

    const named = await ask(ada, { approvers: viewer.email })
    const key = await makeKey(ada.userId, ada.organizationId, ['execution.read'])
    const body = { verdict: 'approve', contentHash: asked.hash }
    expect((await api.send('POST', `/api/v2/approvals/${asked.id}/decision`, { key, body })).status).toBe(403)
    expect((await decide(viewer, named)).status).toBe(200)
  })

  test('four eyes: who started or edited does not decide, and nobody does before it is known who started', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada, { fourEyes: true })
    expect((await decide(ada, asked)).error.code).toBe('service.unavailable')
    const actor = {
      organizationId: ada.organizationId,
      actorId: ada.userId,
      via: 'session' as const,
      apiKeyId: null,
      requestId: null,
    }
    const details = { executionId: asked.executionId }
    await recordDeed(db, actor, { action: 'workflow.executed', targetId: asked.of.workflowId, details })
    expect((await decide(ada, asked)).error.code).toBe('approval.four_eyes')
    expect((await press(await linkTo(ada, asked, ada.email), asked, 'approve')).status).toBe(403)
    expect((await press(await linkTo(ada, asked), asked, 'approve')).status).toBe(200)
  })

  test('four eyes: neither who began what called this, nor who moved it on or brought it back, decides about it', async () => {
    const ada = await api.signUp()
    const { organizationId } = ada
    const asked = await ask(ada, { fourEyes: true, roles: ['editor'] })
    const [caller, mover, retrier, other] = await Promise.all(
      Array.from({ length: 4 }, () => makeMember(organizationId)),
    )
    const note = (actorId: UserId | undefined, deed: Deed) =>
      recordDeed(db, { organizationId, actorId: actorId!, via: 'session', apiKeyId: null, requestId: null }, deed)
    const eventId = newId('event')
    const { executionId } = asked
    await env.DB.prepare('UPDATE approvals SET root = ? WHERE id = ?').bind(eventId, asked.id).run()
    await note(caller, { action: 'workflow.executed', targetId: newId('workflow'), details: { eventId } })
    await note(mover, { action: 'execution.jumped', targetId: executionId, details: { to: 'ask' } })
    await note(retrier, { action: 'dead_letter.retried', targetId: 'letter', details: { executionId } })
    const decideAs = async (userId: UserId | undefined) =>
      api.send('POST', `/api/v2/approvals/${asked.id}/decision`, {
        key: await makeKey(userId!, organizationId, ['approval.decide', 'execution.read']),
        body: { verdict: 'approve', contentHash: asked.hash },
      })
    for (const involved of [caller, mover, retrier]) {
      expect((await decideAs(involved)).error.code).toBe('approval.four_eyes')
    }
    expect((await decideAs(other)).status).toBe(200)
  })

  test('four eyes: an execution that was called knows what began the chain', async () => {
    const ada = await api.signUp()
    const asks = node('ask', 'people.approval', { title: 'Go on?', approvers: ada.email, fourEyes: true })
    const child = await callable(graph([node('start', 'trigger.manual'), asks], 'start>ask'), ada.organizationId)
    const calls = node('call', 'flow.call', { workflow: child.workflowId })
    const parent = await publish(graph([node('start', 'trigger.manual'), calls], 'start>call'), ada.organizationId)
    const { eventId } = await runtime().start({
      ...parent,
      trigger: { nodeId: 'start', kind: 'manual', data: { type: 'manual', data: {} } },
    })
    const row = await eventually(async () => {
      const found = await env.DB.prepare('SELECT root FROM approvals WHERE workflow_id = ?')
        .bind(child.workflowId)
        .first<{ root: string | null }>()
      return found ?? undefined
    })
    expect(row.root).toBe(eventId)
  })

  test('four eyes: who sent the event that led here does not decide, also where others were called on its way', async () => {
    const ada = await api.signUp()
    const { organizationId } = ada
    const asks = node('ask', 'people.approval', {
      title: 'Go on?',
      approvers: `${ada.email}, ${outsider}`,
      fourEyes: true,
    })
    await publish(graph([node('on', 'trigger.event', { eventType: 'ping' }), asks], 'on>ask'), organizationId)
    const child = await callable(graph([node('start', 'trigger.manual'), asks], 'start>ask'), organizationId)
    const calls = node('call', 'flow.call', { workflow: child.workflowId })
    await publish(graph([node('on', 'trigger.event', { eventType: 'ping' }), calls], 'on>call'), organizationId)
    const event = { type: 'ping', data: {} }
    await api.send('POST', '/api/v2/events', { as: ada, body: event })
    const { sender } = api.runtime.events.at(-1)!
    expect(sender).toBe(ada.userId)
    await runtime().emit(organizationId, event, { sender: ada.userId })
    const rows = await eventually(async () => {
      const { results } = await env.DB.prepare('SELECT id FROM approvals WHERE organization_id = ?')
        .bind(organizationId)
        .all<{ id: ApprovalId }>()
      return results.length === 2 ? results : undefined
    })
    for (const { id } of rows) {
      const { request } = (await findApproval(db, organizationId, id))!
      const body = { verdict: 'approve', contentHash: hashOf(request.content) }
      const answer = await api.send('POST', `/api/v2/approvals/${id}/decision`, { as: ada, body })
      expect([answer.status, answer.error?.code]).toEqual([403, 'approval.four_eyes'])
    }
  })

  test('E8: what is to be signed needs the password; the signature and the hash are in the journal and the audit', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada, { signature: 'password' })
    expect((await decide(ada, asked)).error.code).toBe('approval.unsigned')
    expect((await decide(ada, asked, { password: 'wrong' })).error.code).toBe('approval.wrong_password')
    expect((await api.send('GET', await linkTo(ada, asked))).text).not.toContain('<form')
    expect((await decide(ada, asked, { password })).status).toBe(200)
    expect((await votesOf(ada, asked))[0]).toMatchObject({ signedBy: 'password', contentHash: asked.hash })
    const entry = await env.DB.prepare(
      "SELECT details FROM audit_entries WHERE action = 'approval.decided' AND target_id = ?",
    )
      .bind(asked.id)
      .first<{ details: string }>()
    expect(JSON.parse(entry!.details)).toMatchObject({
      verdict: 'approve',
      contentHash: asked.hash,
      signedBy: 'password',
    })
  })

  test('E8: what takes a code is signed by the app or a recovery code, once each, and says which', async () => {
    const ada = await api.signUp()
    const send = (path: string, body: object) => api.send('POST', `/api/v2/me/authenticator${path}`, { as: ada, body })
    const first = await ask(ada, { signature: 'totp' })
    expect((await decide(ada, first)).error.code).toBe('approval.unsigned')
    expect((await decide(ada, first, { password })).error.code).toBe('approval.unsigned')
    expect((await decide(ada, first, { code: '000000' })).error.code).toBe('authenticator.missing')
    const { secret } = (await send('', { password })).data
    const bytes = readPlainBase32(secret)!
    // This half minute's and the next one's codes are taken for as long as this goes on, also when it turns in between.
    const step = totpStepAt(Date.now())
    const { recoveryCodes } = (await send('/confirm', { code: await totpCode(bytes, step) })).data
    expect((await decide(ada, first, { code: 'no-such-code' })).error.code).toBe('approval.wrong_code')
    expect((await api.send('GET', await linkTo(ada, first))).text).not.toContain('<form')
    const key = await makeKey(ada.userId, ada.organizationId, ['approval.decide', 'execution.read'])
    const body = { verdict: 'approve', contentHash: first.hash, code: recoveryCodes[1] }
    expect((await api.send('POST', `/api/v2/approvals/${first.id}/decision`, { key, body })).status).toBe(403)
    const code = await totpCode(bytes, step + 1)
    expect((await decide(ada, first, { code })).status).toBe(200)
    expect((await votesOf(ada, first))[0]).toMatchObject({ signedBy: 'totp', contentHash: first.hash })

    const second = await ask(ada, { signature: 'totp' })
    expect((await decide(ada, second, { code })).error.code).toBe('approval.wrong_code')
    expect((await decide(ada, second, { code: recoveryCodes[0] })).status).toBe(200)
    expect((await votesOf(ada, second))[0]).toMatchObject({ signedBy: 'recovery_code', contentHash: second.hash })
    const third = await ask(ada, { signature: 'totp' })
    expect((await decide(ada, third, { code: recoveryCodes[0] })).error.code).toBe('approval.wrong_code')
  })
})

describe('deciding by a link', () => {
  test('E1: fifty looks, by whatever looks, change nothing', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada)
    const link = await linkTo(ada, asked)
    for (let look = 0; look < 50; look++) {
      const { status } = await api.send(look % 2 === 0 ? 'GET' : 'HEAD', link)
      expect(status).toBe(200)
    }
    await api.send('GET', `${link}?verdict=approve`)
    expect(await votesOf(ada, asked)).toEqual([])
    expect((await find(asked))?.finishedAt).toBeUndefined()
  })

  test('shows what is asked as text, and a press decides', async () => {
    const ada = await api.signUp()
    const lines = [{ what: '<i>Steel</i>', parts: [[{ no: 1 }]] }, 7]
    const asked = await ask(ada, { details: { total: '{{ trigger.data.total }}', lines } })
    const link = await linkTo(ada, asked)
    const shown = await api.send('GET', link)
    expect(shown.text).toContain('Pay &#60;b&#62;120&#60;/b&#62;?')
    expect(shown.text).toContain('<dt>what</dt><dd>&#60;i&#62;Steel&#60;/i&#62;</dd>')
    expect(shown.text).toContain('<li>7</li>')
    expect(shown.text).toMatch(/<dt>parts<\/dt><dd>\[\s+\[\s+\{\s+&#34;no&#34;: 1/)
    expect(shown.text).not.toContain('<b>')
    expect(shown.text).not.toContain('<script')
    const answer = await press(link, asked, 'reject', { origin: 'null', 'sec-fetch-site': 'same-origin' })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('You have rejected this.')
    expect(last(await ended(asked))).toBe('no')
    expect(await votesOf(ada, asked)).toMatchObject([
      { by: { kind: 'outsider', email: outsider }, comment: 'By link.' },
    ])
  })

  test('the page names the organization that asks, as text, in its title and its words', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada)
    await env.DB.prepare('UPDATE organizations SET name = ? WHERE id = ?')
      .bind('Ada & <i>Sons</i>', ada.organizationId)
      .run()
    const { text } = await api.send('GET', await linkTo(ada, asked))
    expect(text).toContain(' · Ada &#38; &#60;i&#62;Sons&#60;/i&#62;</title>')
    expect(text).toContain('Asked by Ada &#38; &#60;i&#62;Sons&#60;/i&#62; through “')
    expect(text).not.toContain('<i>')
    const strange = await api.send('GET', '/approvals/none')
    expect(strange.text).not.toContain('Sons')
  })

  test('E2: pressed twice, or ten times at once, it decides once', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada, { quorum: 'all' })
    const link = await linkTo(ada, asked)
    const stamp = stampIn(await api.send('GET', link))
    const fields = { verdict: 'approve', comment: '', contentHash: asked.hash, stamp }
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(link, fields)))
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array<number>(9).fill(409),
    ])
    expect((await post(link, { ...fields, verdict: 'reject' })).text).toContain('You have decided already.')
    expect(await votesOf(ada, asked)).toHaveLength(1)
  })

  test('E2: expired and cancelled links say so, and decide nothing', async () => {
    const ada = await api.signUp()
    // Long enough for a busy machine to show the page meanwhile.
    const over = await ask(ada, { atMost: '6 seconds' })
    const link = await linkTo(ada, over)
    const stamp = stampIn(await api.send('GET', link))
    await ended(over)
    const late = await post(link, { verdict: 'approve', contentHash: over.hash, stamp })
    expect(late.status).toBe(410)
    expect((await api.send('GET', link)).text).toMatch(/The time to decide is over\..*was to be decided by/s)
  })

  test('E3: whatever is changed about a token, the answer is the same, and it is no', async () => {
    const ada = await api.signUp()
    const [asked, other] = [await ask(ada), await ask(ada)]
    const link = await linkTo(ada, asked)
    const token = link.slice('/approvals/'.length)
    const [version = '', claims = '', mac = ''] = token.split('.')
    const otherToken = (await linkTo(ada, other)).slice('/approvals/'.length)
    const stored = await findApproval(db, ada.organizationId, asked.id)
    const expiresAt = stored!.dueAt.getTime()
    const good = { organizationId: ada.organizationId, approvalId: asked.id, email: outsider, expiresAt }
    const forged = [
      `${version}.${otherToken.split('.')[1]}.${mac}`,
      `${version}.${claims}.${mac.slice(0, -1)}`,
      `${version}.${claims}.`,
      `${version}.${claims}`,
      `k9.${claims}.${mac}`,
      `${version}.${claims}A.${mac}`,
      'nothing',
      'a'.repeat(5_000),
      await signedFor('hook-sign', version, claims),
      // Signed by us, and still not for this: another organization, another approval, somebody who is not asked, another end.
      await vault.signApproval({ ...good, organizationId: newId('organization') }),
      await vault.signApproval({ ...good, approvalId: newId('approval') }),
      await vault.signApproval({ ...good, email: 'eve@outside.example' }),
      await vault.signApproval({ ...good, expiresAt: expiresAt + 1 }),
    ]
    const answers = await Promise.all(forged.map((text) => api.send('GET', `/approvals/${text}`)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]))
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    const stamp = stampIn(await api.send('GET', link))
    const fields = { verdict: 'approve', contentHash: asked.hash, stamp }
    for (const text of forged.slice(0, 7)) expect((await post(`/approvals/${text}`, fields)).status).toBe(403)
    // The stamp of one page is none of another.
    expect((await post(`/approvals/${otherToken}`, fields)).status).toBe(409)
    expect([...(await votesOf(ada, asked)), ...(await votesOf(ada, other))]).toEqual([])
  })

  test('E3, F9: a form of another site, without a stamp, or of another type decides nothing', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada)
    const link = await linkTo(ada, asked)
    const stamp = stampIn(await api.send('GET', link))
    const fields = { verdict: 'approve', contentHash: asked.hash, stamp }
    expect((await post(link, fields, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post(link, fields, { origin: 'null', 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await post(link, { ...fields, stamp: '' })).status).toBe(409)
    expect((await post(link, fields, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post(link, { ...fields, comment: 'x'.repeat(40_000) })).status).toBe(413)
    expect(await votesOf(ada, asked)).toEqual([])
  })

  test('E5, H2: no page passes its address on, is framed, kept or runs anything; no error logs a token', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada)
    const link = await linkTo(ada, asked)
    for (const { headers, text } of [await api.send('GET', link), await api.send('GET', '/approvals/nothing')]) {
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'/,
      )
      expect(headers.get('set-cookie')).toBeNull()
      expect(text).not.toContain('href=')
      expect(text).not.toContain(link.slice(-20))
    }
    const logged: string[] = []
    const spy = vi.spyOn(console, 'error').mockImplementation((...parts) => void logged.push(JSON.stringify(parts)))
    const answer = await makeApi({
      now: () => {
        throw new Error('broken clock')
      },
    }).send('GET', link, { headers: { 'cf-connecting-ip': '192.0.2.9' } })
    spy.mockRestore()
    expect(answer.status).toBe(500)
    expect(logged.join('')).not.toContain(link.slice(-20))
  })

  test('K4: links that are not ours leave nothing behind', async () => {
    const rows = () => env.DB.prepare('SELECT count(*) AS n FROM rate_limits').first('n')
    const ada = await api.signUp()
    const link = await linkTo(ada, await ask(ada))
    const before = await rows()
    for (const other of ['/approvals/nothing', `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}x`]) {
      const headers = { 'cf-connecting-ip': '192.0.2.10' }
      expect((await api.send('GET', other, { headers })).status).toBe(403)
      expect((await post(other, {}, headers)).status).toBe(403)
    }
    expect(await rows()).toBe(before)
  })

  test('too many presses are refused', async () => {
    const ada = await api.signUp()
    const asked = await ask(ada)
    const link = await linkTo(ada, asked)
    const answers: number[] = []
    for (let time = 0; time < 22; time++) answers.push((await post(link, { verdict: 'x' })).status)
    expect(answers.slice(-2)).toEqual([429, 429])
  })
})

test('what is asked is an event, with a link for each address that works, and it comes once', async () => {
  const ada = await api.signUp()
  const listens = graph(
    [node('start', 'trigger.event', { eventType: 'approval.requested' }), node('mail', 'flow.end')],
    'start>mail',
  )
  const mails = await publish(listens, ada.organizationId)
  const asked = await ask(ada)
  const begun = await eventually(async () => {
    const { results } = await env.LOGS.prepare('SELECT id FROM executions WHERE workflow_id = ?')
      .bind(mails.workflowId)
      .all<{ id: ExecutionId }>()
    return results.length === 0 ? undefined : results
  })
  await runDurableObjectAlarm(executionOf(env, ada.organizationId, asked.executionId))
  expect(begun).toHaveLength(1)
  const stored = await executionStore(openDatabase(env.LOGS), { organizationId: ada.organizationId }, undefined).find(
    begun[0]!.id,
  )
  const tokens = stored?.journal.match(/k\d+\.[\w-]+\.[\w-]{43}/g) ?? []
  const opened = await Promise.all(tokens.map((token) => vault.openApproval(token)))
  expect(new Set(opened.map((claims) => claims?.email))).toEqual(new Set([ada.email, outsider]))
  for (const token of tokens) expect((await api.send('GET', `/approvals/${token}`)).status).toBe(200)
})

async function memberOf(owner: Member, role: 'viewer'): Promise<Member> {
  const person = await api.signUp('Vera')
  const at = new Date()
  await db
    .insert(members)
    .values({ id: newId('user'), organizationId: owner.organizationId, userId: person.userId, role, createdAt: at })
  await env.DB.prepare('UPDATE sessions SET active_organization_id = ? WHERE user_id = ?')
    .bind(owner.organizationId, person.userId)
    .run()
  return { ...person, organizationId: owner.organizationId }
}

async function signedFor(purpose: 'hook-sign', version: string, claims: string): Promise<string> {
  const key = await vault.deriveKey(purpose)
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`${version}.${claims}`))
  const text = btoa(String.fromCharCode(...new Uint8Array(mac)))
  return `${version}.${claims}.${text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`
}
