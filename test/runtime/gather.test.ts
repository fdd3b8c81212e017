import { expect, test } from 'vitest'
import { Gather } from '../../worker/runtime/inbox/gather.ts'

function gathering(deliver: (items: number[]) => Promise<void>) {
  const batches: number[][] = []
  const alive: Promise<void>[] = []
  const gather = new Gather<number>(
    5,
    async (items) => {
      batches.push(items)
      await deliver(items)
    },
    (work) => alive.push(work),
  )
  return { gather, batches, alive }
}

test('what comes within a moment goes together', async () => {
  const { gather, batches, alive } = gathering(() => Promise.resolve())
  for (const item of [1, 2, 3]) gather.add(item)
  await expect.poll(() => alive).toHaveLength(1)
  await alive[0]
  expect(batches).toEqual([[1, 2, 3]])
})

test('while a batch is under way the next one grows, and goes by itself', async () => {
  const { gather, batches } = gathering(async (items) => {
    if (items.includes(1)) for (const item of [2, 3]) gather.add(item)
    await Promise.resolve()
  })
  gather.add(1)
  await gather.flush()
  await expect.poll(() => batches).toEqual([[1], [2, 3]])
})

test('who has it given away hears so also where something always comes', async () => {
  let isFed = true
  const { gather, batches } = gathering(async () => {
    if (isFed) gather.add(batches.length)
    await new Promise((resolve) => setTimeout(resolve))
  })
  gather.add(0)
  const first = gather.flush()
  await expect.poll(() => batches.length).toBeGreaterThan(1)
  await gather.flush()
  await first
  isFed = false
  await expect.poll(() => batches.length - 1 - batches.flat().at(-1)!).toBe(0)
})

test('what was added while a batch was under way is given when the next one who asks hears so', async () => {
  const { gather, batches } = gathering(() => new Promise((resolve) => setTimeout(resolve)))
  gather.add(1)
  void gather.flush()
  await expect.poll(() => batches).toEqual([[1]])
  gather.add(2)
  await gather.flush()
  expect(batches).toEqual([[1], [2]])
})

// One of these turns comes right between the last look and the end.
test.each([0, 1, 2, 3, 4, 5, 6, 7])(
  'what is added at the end of a batch is not left behind (%i turns on)',
  async (turns) => {
    const { gather, batches } = gathering(() => Promise.resolve())
    gather.add(1)
    const whole = gather.flush()
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    gather.add(2)
    await whole
    await expect.poll(() => batches.flat()).toEqual([1, 2])
  },
)

test('no batch is larger than the other side takes', async () => {
  const { gather, batches } = gathering(() => Promise.resolve())
  for (let item = 0; item < 1_200; item++) gather.add(item)
  await gather.flush()
  expect(batches.map(({ length }) => length)).toEqual([500, 500, 200])
})

test('nothing to give away is nothing done', async () => {
  const { gather, batches } = gathering(() => Promise.resolve())
  await gather.flush()
  gather.add(1)
  await gather.flush()
  expect(batches).toEqual([[1]])
})
