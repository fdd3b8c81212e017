import { expect, test } from 'vitest'
import { Batcher } from '../../worker/runtime/inbox/batcher.ts'

function gathering(deliver: (items: number[]) => Promise<void>) {
  const batches: number[][] = []
  const alive: Promise<void>[] = []
  const batcher = new Batcher<number>(
    5,
    async (items) => {
      batches.push(items)
      await deliver(items)
    },
    (work) => alive.push(work),
  )
  return { batcher, batches, alive }
}

test('what comes within a moment goes together', async () => {
  const { batcher, batches, alive } = gathering(() => Promise.resolve())
  for (const item of [1, 2, 3]) batcher.add(item)
  await expect.poll(() => alive).toHaveLength(1)
  await alive[0]
  expect(batches).toEqual([[1, 2, 3]])
})

test('while a batch is under way the next one grows, and goes by itself', async () => {
  const { batcher, batches } = gathering(async (items) => {
    if (items.includes(1)) for (const item of [2, 3]) batcher.add(item)
    await Promise.resolve()
  })
  batcher.add(1)
  await batcher.flush()
  await expect.poll(() => batches).toEqual([[1], [2, 3]])
})

test('who has it given away hears so also where something always comes', async () => {
  let isFed = true
  const { batcher, batches } = gathering(async () => {
    if (isFed) batcher.add(batches.length)
    await new Promise((resolve) => setTimeout(resolve))
  })
  batcher.add(0)
  const first = batcher.flush()
  await expect.poll(() => batches.length).toBeGreaterThan(1)
  await batcher.flush()
  await first
  isFed = false
  await expect.poll(() => batches.length - 1 - batches.flat().at(-1)!).toBe(0)
})

test('what was added while a batch was under way is given when the next one who asks hears so', async () => {
  const { batcher, batches } = gathering(() => new Promise((resolve) => setTimeout(resolve)))
  batcher.add(1)
  void batcher.flush()
  await expect.poll(() => batches).toEqual([[1]])
  batcher.add(2)
  await batcher.flush()
  expect(batches).toEqual([[1], [2]])
})

// One of these turns comes right between the last look and the end.
test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  'what is added at the end of a batch is not left behind (%i turns on)',
  async (turns) => {
    const { batcher, batches } = gathering(() => Promise.resolve())
    batcher.add(1)
    const whole = batcher.flush()
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    batcher.add(2)
    await whole
    await expect.poll(() => batches.flat()).toEqual([1, 2])
  },
)

test('no batch is larger than the other side takes', async () => {
  const { batcher, batches } = gathering(() => Promise.resolve())
  for (let item = 0; item < 1_200; item++) batcher.add(item)
  await batcher.flush()
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 200])
})

test('nothing to give away is nothing done', async () => {
  const { batcher, batches } = gathering(() => Promise.resolve())
  await batcher.flush()
  batcher.add(1)
  await batcher.flush()
  expect(batches).toEqual([[1]])
})
