// Listening for the next event of a type, through the API, on real inboxes.

import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../worker/contract/json.ts'
import type { WorkflowId } from '../../worker/contract/id.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { createExecutionRuntime } from '../../worker/runtime/operations/execution-runtime.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'
import { graph, node } from '../support/published.ts'

const api = makeApi({ nodes: { describe: () => [], validate: validateGraph } })
const runtime = createExecutionRuntime(env)

/** A workflow that begins with events, at its node `on`. */
async function draw(as: Member, params: JsonObject = { eventType: 'order.paid' }) {
  const nodes = [node('on', 'trigger.event', params), node('next', 'data.set', { fields: [{ name: 'a', value: 1 }] })]
  const { data } = await api.send('POST', '/api/v2/workflows', {
    as,
    body: { name: 'Any', graph: graph(nodes, 'on>next') },
  })
  const at = `/api/v2/workflows/${data.id}`
  const taps = `${at}/events/on/taps`
  return {
    id: data.id as WorkflowId,
    at,
    taps,
    async listen() {
      const answer = await api.send('POST', taps, { as })
      expect([answer.status, answer.error]).toEqual([201, undefined])
      return `${taps}/${answer.data.id}`
    },
  }
}

const send = ({ organizationId, userId }: Member, type: string, data: JsonObject, id?: string) =>
  runtime.emit(organizationId, { type, data, ...(id !== undefined && { id }) }, { sender: userId })

/** What has come to a tap, asked at once or waited for. */
async function news(as: Member, tap: string, query = 'waitMs=0') {
  const answer = await api.send('GET', `${tap}?${query}`, { as })
  expect([answer.status, answer.error]).toEqual([200, undefined])
  return answer.data
}

describe('whoever listens for an event', () => {
  test('is given the next of its type as `trigger` reads it, whoever sends it, and none of another type', async () => {
    const ada = await api.signUp()
    const tap = await (await draw(ada)).listen()
    const waiting = news(ada, tap, 'waitMs=20000')
    await send(ada, 'order.sent', { total: 1 })
    const accepted = await send(ada, 'order.paid', { total: 2 })
    const received = await waiting
    expect(received).toEqual({
      state: 'received',
      refused: [],
      receivedAt: expect.any(String) as unknown,
      outcome: 'accepted',
      meetsConditions: true,
      trigger: {
        type: 'order.paid',
        data: { total: 2 },
        id: accepted.eventId,
        occurredAt: expect.any(String) as unknown,
      },
    })
    await send(ada, 'order.paid', { total: 3 })
    // Who missed the answer asks again.
    expect(await news(ada, tap)).toEqual(received)
  })

  test('is told whether it meets the conditions of the step, as the draft says them now', async () => {
    const ada = await api.signUp()
    const conditions = { operator: 'AND', conditions: [{ field: 'trigger.data.total', operator: '>', value: 100 }] }
    const listening = await draw(ada, { eventType: 'order.*', conditions })
    const tap = await listening.listen()
    await send(ada, 'order.paid', { total: 2 })
    expect(await news(ada, tap)).toMatchObject({ meetsConditions: false, trigger: { data: { total: 2 } } })
    const changed = graph([node('on', 'trigger.event', { eventType: 'order.*' })])
    const headers = { 'if-match': '"1"' }
    expect((await api.send('PATCH', listening.at, { as: ada, body: { graph: changed }, headers })).status).toBe(200)
    expect(await news(ada, tap)).toMatchObject({ meetsConditions: true })
  })

  test('is given a second delivery too, and told of one that was refused', async () => {
    const ada = await api.signUp()
    const listening = await draw(ada)
    await send(ada, 'order.paid', { total: 1 }, 'mine')
    const tap = await listening.listen()
    await expect(send(ada, 'order.paid', { total: 2 }, 'mine')).rejects.toThrow(/different body/)
    const told = await news(ada, tap)
    expect(told).toMatchObject({ state: 'listening', refused: [{ status: 409, code: 'hook.conflict' }] })
    await send(ada, 'order.paid', { total: 1 }, 'mine')
    expect(await news(ada, tap)).toMatchObject({ state: 'received', outcome: 'duplicate', trigger: { id: 'mine' } })
  })

  test('hears what Leat itself says, such as that a contact was created, with the contact', async () => {
    const ada = await api.signUp()
    const tap = await (await draw(ada, { eventType: 'contact.created' })).listen()
    const waiting = news(ada, tap, 'waitMs=20000')
    const { data } = await api.send('POST', '/api/v2/contacts', { as: ada, body: { firstName: 'Grace' } })
    expect(await waiting).toMatchObject({
      outcome: 'accepted',
      trigger: { type: 'contact.created', contactId: data.id, data: { contact: { firstName: 'Grace' } } },
    })
  })

  test('costs the live workflow nothing: it starts as always', async () => {
    const ada = await api.signUp()
    const listening = await draw(ada)
    expect((await api.send('POST', `${listening.at}/publish`, { as: ada, body: {} })).status).toBe(200)
    await runtime.routesChanged(ada.organizationId)
    const tap = await listening.listen()
    const { executionIds } = await send(ada, 'order.paid', { total: 1 })
    expect(executionIds).toHaveLength(1)
    expect(await news(ada, tap)).toMatchObject({ outcome: 'accepted' })
  })

  test('is forgotten by the name of a workflow that is not theirs, and when they stop', async () => {
    const ada = await api.signUp()
    const [one, other] = [await draw(ada), await draw(ada)]
    const tap = await one.listen()
    const tapId = tap.split('/').at(-1)!
    expect((await api.send('GET', `${other.taps}/${tapId}?waitMs=0`, { as: ada })).error.code).toBe('tap.not_found')
    expect((await api.send('DELETE', `${other.taps}/${tapId}`, { as: ada })).status).toBe(200)
    expect(await news(ada, tap)).toMatchObject({ state: 'listening' })
    expect((await api.send('DELETE', tap, { as: ada })).status).toBe(200)
    expect((await api.send('GET', `${tap}?waitMs=0`, { as: ada })).error.code).toBe('tap.not_found')
  })
})

describe('who may listen for events', () => {
  test('G4: nobody of another organization, and nothing of it is heard', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp('Eve')]
    const [listening, hers] = [await draw(ada), await draw(eve)]
    const [tap, tapOfEve] = [await listening.listen(), await hers.listen()]
    const codes = [
      await api.send('POST', listening.taps, { as: eve }),
      await api.send('GET', tap, { as: eve }),
      await api.send('DELETE', tap, { as: eve }),
    ].map(({ status, error }) => [status, error.code])
    expect(codes).toEqual(Array.from({ length: 3 }, () => [404, 'workflow.not_found']))
    await send(ada, 'order.paid', { canary: 'canary' })
    expect(await news(eve, tapOfEve)).toMatchObject({ state: 'listening' })
    expect(await news(ada, tap)).toMatchObject({ state: 'received' })
  })

  test('nobody who could not publish such a workflow and read what it was started with', async () => {
    const ada = await api.signUp()
    const { taps } = await draw(ada)
    const by = async (...scopes: Parameters<typeof makeKey>[2]) => {
      const key = await makeKey(ada.userId, ada.organizationId, scopes)
      const { status, error } = await api.send('POST', taps, { key })
      return [status, error?.code]
    }
    expect(await by('workflow.publish', 'execution.read_payload')).toEqual([403, 'auth.forbidden'])
    expect(await by('workflow.write', 'workflow.publish')).toEqual([403, 'execution.payload_forbidden'])
    expect(await by('workflow.write', 'execution.read_payload')).toEqual([403, 'auth.forbidden'])
    expect(await by('workflow.write', 'workflow.publish', 'execution.read_payload')).toEqual([201, undefined])
    const colleague = await makeMember(ada.organizationId, { role: 'editor' })
    const scopes = ['workflow.write', 'workflow.publish', 'execution.read_payload'] as const
    const key = await makeKey(colleague, ada.organizationId, [...scopes])
    // A draft of one's own is seen by nobody else.
    expect((await api.send('POST', taps, { key })).error.code).toBe('workflow.not_found')
  })

  test('at no other kind of step, not at one that says no type, and not where it is archived', async () => {
    const ada = await api.signUp()
    const listening = await draw(ada)
    const codeOf = async (path: string) => (await api.send('POST', path, { as: ada })).error?.code
    expect(await codeOf(`${listening.at}/events/next/taps`)).toBe('trigger.not_found')
    expect(await codeOf(`${listening.at}/hooks/on/taps`)).toBe('hook.not_found')
    expect(await codeOf((await draw(ada, { eventType: '' })).taps)).toBe('workflow.invalid')
    const tap = await listening.listen()
    expect((await api.send('POST', `${listening.at}/archive`, { as: ada, body: {} })).status).toBe(200)
    expect(await codeOf(listening.taps)).toBe('workflow.archived')
    expect((await api.send('DELETE', tap, { as: ada })).status).toBe(200)
  })

  test('M3: that somebody listened is in the audit, with the type, and what came is not', async () => {
    const ada = await api.signUp()
    await (await draw(ada)).listen()
    await send(ada, 'order.paid', { canary: 'canary' })
    const { text, data } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(data.items[0]).toMatchObject({
      action: 'event.tapped',
      actorId: ada.userId,
      details: { nodeId: 'on', eventType: 'order.paid' },
    })
    expect(text).not.toContain('canary')
  })
})
