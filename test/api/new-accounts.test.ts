import { expect, test } from 'vitest'
import { rateLimits } from '../../worker/store/schema/db/access.ts'
import { makeApi, password } from '../support/api.ts'
import { db } from '../support/people.ts'

const api = makeApi()

test('F7: a new account is counted by the address that the proxy in front says, and by none where none says it', async () => {
  const last = async (addressHeader: string, from: (time: number) => Record<string, string>) => {
    const counting = makeApi({ addressHeader })
    let status = 0
    for (let time = 0; time < 21; time++) {
      const body = { name: 'X', email: `f7-${time}@example.com`, password: 'short' }
      status = (await counting.send('POST', '/api/auth/sign-up/email', { body, headers: from(time) })).status
    }
    return status
  }
  const said = (time: number) => ({ 'cf-connecting-ip': `10.0.0.${time}` })
  expect(await last('X-Real-IP', (time) => ({ ...said(time), 'x-real-ip': '203.0.113.9' }))).toBe(429)
  expect(await last('x-forwarded-for', (time) => ({ 'x-forwarded-for': `10.0.0.${time}, 203.0.113.10` }))).toBe(429)
  expect(await last('', () => said(1))).toBe(400)
  expect(() => makeApi({ addressHeader: 'X Real IP' })).toThrow(/LEAT_ADDRESS_HEADER/)
})

test('K4: a new account comes with at most twenty others from one address, and a hundred from nobody knows where', async () => {
  // Another quarter of an hour than that of the test before.
  const counting = makeApi({ addressHeader: 'x-real-ip', now: () => new Date(Date.now() + 7_200_000) })
  const made = async (headers: Record<string, string>, times: number) => {
    const statuses: number[] = []
    for (let time = 0; time < times; time++) {
      // None of them is made: what counts is that it was asked for.
      const body = { name: 'X', email: `k4-${time}@example.com`, password: 'short' }
      statuses.push((await counting.send('POST', '/api/auth/sign-up/email', { body, headers })).status)
    }
    return statuses.slice(-2)
  }
  expect(await made({ 'x-real-ip': '203.0.113.11' }, 21)).toEqual([400, 429])
  expect(await made({ 'cf-connecting-ip': '203.0.113.11' }, 101)).toEqual([400, 429])
  const body = { name: 'X', email: 'k4@example.com', password }
  const answer = await counting.send('POST', '/api/auth/sign-up/email', { body })
  expect([answer.status, answer.error.code]).toEqual([429, 'request.rate_limited'])
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('K4: a new account that was made counts', async () => {
  const headers = { 'cf-connecting-ip': '203.0.113.12' }
  const before = await db.select().from(rateLimits)
  const body = { name: 'X', email: 'k4-made@example.com', password }
  expect((await api.send('POST', '/api/auth/sign-up/email', { body, headers })).status).toBe(200)
  const counts = (await db.select().from(rateLimits)).filter(({ key }) => before.every((row) => row.key !== key))
  expect(counts.map(({ count }) => count)).toEqual([1])
})
