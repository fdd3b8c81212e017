import { afterEach, expect, test } from 'vitest'
import { Collection } from '../../web/src/lib/settings/collection.svelte.ts'
import { notices } from '../../web/src/lib/ui/notices.svelte.ts'

interface Thing {
  name: string
}

function makeCollection(remove: (thing: Thing) => Promise<unknown>) {
  let things: Thing[] = [{ name: 'rate' }, { name: 'limit' }]
  const collection = new Collection<Thing>({
    list: async () => ({ items: things }),
    remove: async (thing) => {
      await remove(thing)
      things = things.filter((other) => other !== thing)
    },
    words: {
      saved: ({ name }) => ({ title: `${name} is saved`, detail: 'It holds.' }),
      removed: ({ name }) => `${name} is gone`,
      notRemoved: ({ name }) => `${name} is still there`,
    },
  })
  return collection
}

const said = () => notices.shown.map(({ tone, title, detail }) => ({ tone, title, ...(detail && { detail }) }))

afterEach(() => {
  for (const { id } of notices.shown) notices.dismiss(id)
})

test('what is removed was asked about first, and is not in the list any more', async () => {
  const collection = makeCollection(async () => undefined)
  await collection.load()
  await collection.remove()
  expect(said()).toEqual([])
  collection.removing = collection.items?.[0]
  await collection.remove()
  await expect.poll(() => collection.items).toEqual([{ name: 'limit' }])
  expect([collection.removing, collection.isBusy, said()]).toEqual([
    undefined,
    false,
    [{ tone: 'ok', title: 'rate is gone' }],
  ])
})

test('what could not be removed is said, and stays', async () => {
  const collection = makeCollection(async () => {
    throw new Error('A live workflow reads it.')
  })
  await collection.load()
  collection.removing = collection.items?.[0]
  await collection.remove()
  expect(said()).toMatchObject([{ tone: 'failed', title: 'rate is still there' }])
  expect([collection.removing, collection.items?.length]).toEqual([undefined, 2])
})

test('what a dialog saved is said, and the list read again', async () => {
  const collection = makeCollection(async () => undefined)
  collection.add()
  expect(collection.editing).toEqual({ item: undefined })
  collection.saved({ name: 'fee' })
  await expect.poll(() => collection.items?.length).toBe(2)
  expect(said()).toEqual([{ tone: 'ok', title: 'fee is saved', detail: 'It holds.' }])
})

test('an answer that comes late leaves alone what is open by then', async () => {
  let answer: () => void = () => undefined
  const collection = makeCollection(() => new Promise<void>((resolve) => (answer = resolve)))
  await collection.load()
  collection.removing = collection.items?.[0]
  const removed = collection.remove()
  collection.removing = collection.items?.[1]
  answer()
  await removed
  expect(collection.removing).toEqual({ name: 'limit' })
  collection.editing = { item: { name: 'fee' } }
  collection.saved({ name: 'rate' })
  expect(collection.editing).toEqual({ item: { name: 'fee' } })
})
