import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Page } from '#contract/error.ts'
import { mergeFirstPage } from '#lib/api/merge-first-page.ts'
import { PagedList } from '#lib/api/paged-list.svelte.ts'

interface Item {
  id: string
  seen?: number
}
const items = (...ids: string[]): Item[] => ids.map((id) => ({ id }))
const ids = (list: readonly Item[] | undefined) => list?.map(({ id }) => id).join('')
const merge = (known: Page<Item>, fresh: Page<Item>) => mergeFirstPage(known, fresh, ({ id }) => id)

//  known   e d c | b a          fresh   g f e d c |        (| is where a page ends)
describe('a first page read again', () => {
  test('brings what is new on top and keeps what was read further down', () => {
    const merged = merge({ items: items(...'edcba') }, { items: items(...'gfe'), nextCursor: 'after e' })
    expect(ids(merged.items)).toBe('gfedcba')
    expect(merged.nextCursor).toBeUndefined()
  })

  test('drops what no longer belongs in it', () => {
    const merged = merge(
      { items: items(...'edcba'), nextCursor: 'after a' },
      { items: items(...'ec'), nextCursor: 'after c' },
    )
    expect(ids(merged.items)).toBe('ecba')
    expect(merged.nextCursor).toBe('after a')
  })

  test('is all there is when so much is new that it no longer touches the old', () => {
    const fresh = { items: items(...'zyx'), nextCursor: 'after x' }
    expect(merge({ items: items(...'edc') }, fresh)).toBe(fresh)
  })

  test('is all there is when the list has become short', () => {
    const fresh = { items: items('e') }
    expect(merge({ items: items(...'edc'), nextCursor: 'after c' }, fresh)).toBe(fresh)
  })
})

/** A server with a list that grows at its top, read three at a time. */
function makeServer(all: Item[]) {
  const server = {
    all,
    asked: [] as (string | undefined)[],
    fails: false,
    ask: (cursor: string | undefined): Promise<Page<Item>> => {
      server.asked.push(cursor)
      if (server.fails) return Promise.reject(new Error('down'))
      const from = cursor === undefined ? 0 : server.all.findIndex(({ id }) => id === cursor) + 1
      const page = server.all.slice(from, from + 3)
      const last = page.at(-1)
      const more = last !== undefined && from + 3 < server.all.length
      return Promise.resolve({ items: page, ...(more ? { nextCursor: last.id } : {}) })
    },
  }
  return server
}

test('reads page after page, to the end and no further', async () => {
  const server = makeServer(items(...'gfedcba'))
  const list = new PagedList<Item>(({ id }) => id)
  expect(list.items).toBeUndefined()
  await list.load(server.ask)
  expect(ids(list.items)).toBe('gfe')
  await list.more()
  await list.more()
  await list.more()
  expect(ids(list.items)).toBe('gfedcba')
  expect(list.hasMore).toBe(false)
  expect(server.asked).toEqual([undefined, 'e', 'b'])
})

test('put back, it goes as far as it did, and is brought up to date at its top', async () => {
  const server = makeServer(items(...'gfedcba'))
  const left = new PagedList<Item>(({ id }) => id)
  await left.load(server.ask)
  await left.more()
  server.all = items(...'hgfedcba')

  const list = new PagedList<Item>(({ id }) => id)
  const first = list.load(server.ask)
  const back = list.putBack(left.page!)
  expect(ids(list.items)).toBe('gfedcb')
  await Promise.all([first, back])
  expect(ids(list.items)).toBe('hgfedcb')
  await list.more()
  expect(ids(list.items)).toBe('hgfedcba')
})

test('a failure keeps what was there, says why, and is forgotten once it works again', async () => {
  const server = makeServer(items(...'cba'))
  const list = new PagedList<Item>(({ id }) => id)
  await list.load(server.ask)
  server.fails = true
  await list.refresh()
  expect(ids(list.items)).toBe('cba')
  expect(list.error?.message).toBe('down')
  server.fails = false
  await list.refresh()
  expect(list.error).toBeUndefined()
})

test('rows kept while another question is asked are not shown as its answer when it fails', async () => {
  const server = makeServer(items(...'cba'))
  const list = new PagedList<Item>(({ id }) => id)
  await list.load(server.ask)
  server.fails = true
  const asking = list.load(server.ask, { keep: true })
  expect([ids(list.items), list.asking]).toEqual(['cba', true])
  await asking
  expect(list.asking).toBe(false)
  expect([list.items, list.error?.message]).toEqual([undefined, 'down'])
  server.fails = false
  await list.refresh()
  expect(ids(list.items)).toBe('cba')
})

test('an answer to an older question is not shown', async () => {
  const list = new PagedList<Item>(({ id }) => id)
  let answer: (page: Page<Item>) => void = () => {}
  const slow = list.load(() => new Promise((resolve) => (answer = resolve)))
  await list.load(() => Promise.resolve({ items: items('new') }))
  answer({ items: items('old') })
  await slow
  expect(ids(list.items)).toBe('new')
})

test('one item can be changed or taken out in its place', async () => {
  const list = new PagedList<Item>(({ id }) => id)
  await list.load(makeServer(items(...'cba')).ask)
  list.replace({ id: 'b', seen: 1 })
  list.remove('c')
  expect(list.items).toEqual([{ id: 'b', seen: 1 }, { id: 'a' }])
})

test('what was taken out or changed is not brought back by an answer from before that', async () => {
  const list = new PagedList<Item>(({ id }) => id)
  const server = makeServer(items(...'gfedcba'))
  await list.load(server.ask)
  const answers: (() => void)[] = []
  const askSlowly = async (cursor: string | undefined) => {
    const page = await server.ask(cursor)
    await new Promise<void>((resolve) => answers.push(resolve))
    return page
  }
  for (const read of ['refresh', 'more'] as const) {
    const loading = list.load(askSlowly)
    await expect.poll(() => answers.length).toBe(1)
    answers.pop()?.()
    await loading
    const reading = list[read]()
    await expect.poll(() => answers.length).toBe(1)
    list.remove('f')
    list.replace({ id: 'e', seen: 1 })
    answers.pop()?.()
    await reading
    expect(ids(list.items)).toBe(read === 'more' ? 'gedcb' : 'ge')
    expect(list.items?.[1]).toEqual({ id: 'e', seen: 1 })
  }
})

test('what changed is read although something is being read, whose answer may be from before', async () => {
  const list = new PagedList<Item>(({ id }) => id)
  const answers: ((page: Page<Item>) => void)[] = []
  const ask = () => new Promise<Page<Item>>((resolve) => answers.push(resolve))
  void list.load(ask)
  const renewed = list.renew()
  answers[0]?.({ items: items('old') })
  answers[1]?.({ items: items('new') })
  await renewed
  expect(ids(list.items)).toBe('new')
})

test('whatever is added on top between refreshes, nothing is shown twice and the order is the server’s', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 12 }), async (steps) => {
      let next = 0
      const server = makeServer([])
      const grow = () => (server.all = [{ id: String(next++) }, ...server.all])
      for (let i = 0; i < 7; i++) grow()
      const list = new PagedList<Item>(({ id }) => id)
      await list.load(server.ask)
      for (const step of steps) {
        if (step === 0) await list.more()
        else {
          for (let i = 1; i < step; i++) grow()
          await list.refresh()
        }
      }
      const shown = list.items!.map(({ id }) => id)
      const there = server.all.map(({ id }) => id)
      expect(shown).toEqual(there.filter((id) => shown.includes(id)))
      expect(new Set(shown).size).toBe(shown.length)
      expect(shown.join()).toBe(there.slice(there.indexOf(shown[0]!), there.indexOf(shown[0]!) + shown.length).join())
    }),
    { numRuns: 200 },
  )
})
