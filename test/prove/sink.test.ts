import { onTestFinished, describe, expect, test } from 'vitest'
import { behaviourOf } from '../../scripts/prove/sink/behaviour.ts'
import { startSink, type Sink } from '../../scripts/prove/sink/start-sink.ts'

async function open(): Promise<Sink> {
  const sink = await startSink()
  onTestFinished(() => sink.stop())
  return sink
}

function call(sink: Sink, path: string, key = 'k'): Promise<number | 'broken'> {
  const request = { method: 'POST', headers: { 'idempotency-key': key }, body: '{"a":1}' }
  return fetch(sink.url + path, request).then(
    ({ status }) => status,
    () => 'broken' as const,
  )
}

describe('what an address asks for', () => {
  test('is limited to the first calls under a key where it says so', () => {
    expect([0, 1, 2, 3].map((earlier) => behaviourOf('/status/500?first=2', earlier).kind)).toEqual([
      'status',
      'status',
      'ok',
      'ok',
    ])
    expect(behaviourOf('/status/500', 9)).toEqual({ kind: 'status', status: 500 })
  })

  test('is nothing good when nobody knows it', () => {
    expect(behaviourOf('/sesame', 0)).toEqual({ kind: 'unknown' })
  })
})

test('a call is on disk before it is answered, with its key and its body', async () => {
  const sink = await open()
  expect(await call(sink, '/ok')).toBe(200)
  expect(sink.calls()).toMatchObject([{ number: 1, method: 'POST', address: '/ok', key: 'k', body: { a: 1 } }])
})

test('keys are counted apart', async () => {
  const sink = await open()
  expect(await call(sink, '/status/503?first=1', 'one')).toBe(503)
  expect(await call(sink, '/status/503?first=1', 'two')).toBe(503)
  expect(await call(sink, '/status/503?first=1', 'one')).toBe(200)
})

test('a call whose connection is dropped counts all the same', async () => {
  const sink = await open()
  expect(await call(sink, '/drop?first=1')).toBe('broken')
  expect(await call(sink, '/drop?first=1')).toBe(200)
  expect(sink.calls().map(({ key }) => key)).toEqual(['k', 'k'])
})

test('an answer that breaks off, and one that is no HTTP, are no answers, and the calls count', async () => {
  const sink = await open()
  expect(await call(sink, '/nonsense')).toBe('broken')
  const answer = await fetch(`${sink.url}/half`, { method: 'POST' })
  expect(answer.status).toBe(200)
  await expect(answer.text()).rejects.toThrow()
  expect(sink.calls()).toHaveLength(2)
})

test('a call that is held when it is committed counts and gets no answer', async () => {
  const sink = await open()
  const reached = sink.reach({ instant: 'committed', nth: 2 })
  expect(await call(sink, '/ok', 'first')).toBe(200)
  const second = call(sink, '/ok', 'second')
  await reached
  const third = call(sink, '/ok', 'third')
  sink.release()
  expect([await second, (await third) === 'broken' || (await third) === 200]).toEqual(['broken', true])
  expect(sink.calls().map(({ key }) => key)).toEqual(['first', 'second', 'third'])
})

test('a call that is held when it arrives does not count', async () => {
  const sink = await open()
  const reached = sink.reach({ instant: 'arrived', nth: 1 })
  const held = call(sink, '/ok', 'held')
  await reached
  sink.release()
  expect(await held).toBe('broken')
  expect(await call(sink, '/ok', 'later')).toBe(200)
  expect(sink.calls().map(({ key }) => key)).toEqual(['later'])
})
