import { describe, expect, test } from 'vitest'
import type { ExecutionId } from '#contract/id.ts'
import type { MigrationPreview } from '#contract/migration.ts'
import { MigrationList } from '#lib/builder/versions/migration-list.svelte.ts'

const to = { id: 'ver_2', number: 2 } as MigrationPreview['to']

/** A workflow with so many executions that wait; each tenth cannot move. */
function makeServer(count: number) {
  const waiting = Array.from({ length: count }, (_, index) => `exe_${index}` as ExecutionId)
  const server = {
    waiting,
    /** These go on before they are moved. */
    busy: new Set<ExecutionId>(),
    moves: [] as number[],
    failsAtMove: Infinity,
    fails: false,
    preview({ cursor }: { cursor?: string | undefined }): Promise<MigrationPreview> {
      if (server.fails) return Promise.reject(new Error('down'))
      const from = cursor === undefined ? 0 : server.waiting.indexOf(cursor as ExecutionId) + 1
      const page = server.waiting.slice(from, from + 100)
      const seen = page.map((id) => ({ id, status: 'waiting' as const, versionNumber: 1, waitsAt: ['nap'] }))
      const isStuck = ({ id }: { id: string }) => Number(id.slice(4)) % 10 === 9
      return Promise.resolve({
        to,
        movable: seen.filter((each) => !isStuck(each)),
        stuck: seen.filter(isStuck).map((each) => ({ ...each, reasons: [{ code: 'gone', message: 'Gone.' }] })),
        ...(from + 100 < server.waiting.length && { nextCursor: page.at(-1)! }),
      })
    },
    migrate({ ids = [] }: { ids?: readonly ExecutionId[] | undefined }) {
      server.moves.push(ids.length)
      if (server.moves.length === server.failsAtMove) return Promise.reject(new Error('down'))
      const moved = ids.filter((id) => !server.busy.has(id))
      server.waiting = server.waiting.filter((id) => !moved.includes(id))
      const stuck = ids.filter((id) => server.busy.has(id))
      return Promise.resolve({ to, moved, stuck: stuck.map((id) => ({ id, reasons: [] })) })
    },
  }
  return server
}

const counts = ({ movable, stuck, looked, hasMore }: MigrationList) => [movable.length, stuck.length, looked, hasMore]

describe('executions that wait on another version', () => {
  test('are looked at a page at a time, and counted as far as they were', async () => {
    const list = new MigrationList(makeServer(250))
    expect([list.readAt, ...counts(list)]).toEqual([undefined, 0, 0, 0, false])
    await list.look()
    expect(counts(list)).toEqual([90, 10, 100, true])
    await list.more()
    await list.more()
    expect(counts(list)).toEqual([225, 25, 250, false])
    await list.more()
    expect(list.looked).toBe(250)
  })

  test('are moved as many at a time as the server takes, all that were seen', async () => {
    const server = makeServer(250)
    const list = new MigrationList(server)
    await list.look()
    await list.more()
    server.busy.add('exe_3' as ExecutionId)
    expect(await list.move()).toEqual({ moved: 179, stayed: 1 })
    expect(server.moves).toEqual([100, 80])
    expect(list.movable.map(({ id }) => id)).toEqual(['exe_3'])
    await list.look()
    expect(counts(list)).toEqual([46, 25, 71, false])
  })

  test('that were moved before it failed are told, and not shown any more', async () => {
    const server = makeServer(250)
    server.failsAtMove = 2
    const list = new MigrationList(server)
    await list.look()
    await list.more()
    expect(await list.move()).toMatchObject({ moved: 100, stayed: 0, error: { code: expect.any(String) } })
    expect([list.movable.length, list.busy]).toEqual([80, undefined])
  })

  test('stay in sight when it is not possible to look again', async () => {
    const server = makeServer(20)
    const list = new MigrationList(server)
    await list.look()
    server.fails = true
    await list.look()
    expect([list.looked, list.error !== undefined]).toEqual([20, true])
    server.fails = false
    server.waiting.push('exe_20' as ExecutionId)
    await list.look()
    expect([list.looked, list.error]).toEqual([21, undefined])
  })

  test('are asked once, however often it is pressed', async () => {
    const server = makeServer(20)
    const list = new MigrationList(server)
    await list.look()
    const [first, second] = await Promise.all([list.move(), list.move()])
    expect([first?.moved, second, server.moves]).toEqual([18, undefined, [18]])
  })
})
