import { afterEach, expect, test, vi } from 'vitest'
import { answerHook } from '../../worker/api/hooks/answer-hook.ts'
import { ErrorBody } from '../../worker/contract/error.ts'
import { appError } from '../../worker/lib/app-error.ts'
import { receive, secret, settingsFor } from '../triggers/webhook/support.ts'

const path = '/hooks/0123456789abcdefghjkmnpqrs'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What a sender hears of an error. */
async function answerTo(error: unknown): Promise<{ response: Response; requestId: string }> {
  const response = await answerHook(path, async () => {
    throw error
  })
  const body = ErrorBody.parse(await response.json())
  return { response, requestId: body.metadata.requestId }
}

test('an error of a hook is named, and is found in the log by that name', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const { response, requestId } = await answerTo(new Error('boom'))
  expect(response.status).toBe(500)
  expect(response.headers.get('x-request-id')).toBe(requestId)
  expect(log).toHaveBeenCalledWith(expect.objectContaining({ message: 'hook failed', requestId }))
  const logged = JSON.stringify(log.mock.calls)
  // Enough to find the hook by; not the whole, which may be all that it takes to send to it.
  expect(logged).toContain('01234567')
  expect(logged).not.toContain('0123456789')
})

test('what the sender did is not logged, and has a name all the same', async () => {
  const log = vi.spyOn(console, 'error')
  const { response, requestId } = await answerTo(appError('hook.not_found'))
  expect(response.headers.get('x-request-id')).toBe(requestId)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(log).not.toHaveBeenCalled()
})

test('a method that is not taken is told which are', async () => {
  const { response } = await answerTo(await refusalOf(receive({ method: 'PUT', body: '{}' })))
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
})

test('D14: who waits to be asked for user name and password is asked; by no other scheme', async () => {
  const challenge = async (verification: string) => {
    const input = { settings: settingsFor({ verification }), secrets: [`user:${secret}`] }
    const { response } = await answerTo(await refusalOf(receive({ body: '{}' }, input)))
    expect(response.status).toBe(401)
    return response.headers.get('www-authenticate')
  }
  expect(await challenge('basic')).toBe('Basic realm="hook", charset="UTF-8"')
  expect(await challenge('header')).toBeNull()
  expect(await challenge('github')).toBeNull()
})

test('who may try again later is told when', async () => {
  const when = async (error: unknown) => (await answerTo(error)).response.headers.get('retry-after')
  expect(await when(appError('service.unavailable'))).toBe('1')
  expect(await when(appError('request.rate_limited', { details: { retryAfter: 42 } }))).toBe('42')
  expect(await when(appError('hook.not_found'))).toBeNull()
})

function refusalOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => new Error('was received'),
    (error: unknown) => error,
  )
}
