import { expect, test } from 'vitest'
import { Resource } from '#lib/api/resource.svelte.ts'

/** A server that answers when it is told to. */
function makeServer() {
  const answers: ((data: string) => void)[] = []
  return { answers, ask: () => new Promise<string>((resolve) => answers.push(resolve)) }
}

test('the last question wins, whatever order answers come in', async () => {
  const { answers, ask } = makeServer()
  const resource = new Resource<string>()
  const loads = [resource.load(ask), resource.load(ask)]
  answers[1]?.('new')
  answers[0]?.('old')
  await Promise.all(loads)
  expect([resource.data, resource.loading]).toEqual(['new', false])
})

test('the answer to a change is not overwritten by what was asked for before it', async () => {
  const { answers, ask } = makeServer()
  const resource = new Resource<string>()
  const load = resource.load(ask)
  resource.set('changed')
  answers[0]?.('old')
  await load
  expect([resource.data, resource.loading]).toEqual(['changed', true])
  answers[1]?.('changed, and more')
  await expect.poll(() => resource.loading).toBe(false)
  expect(resource.data).toBe('changed, and more')
})

test('a failure keeps what was there', async () => {
  const resource = new Resource<string>()
  resource.set('known')
  await resource.load(() => Promise.reject(new Error('down')))
  expect([resource.data, resource.error?.message, resource.loading]).toEqual(['known', 'down', false])
})
