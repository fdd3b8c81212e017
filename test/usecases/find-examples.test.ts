import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { executionStatuses } from '../../worker/contract/facts/execution.ts'
import type { ExecutionId, VersionId, WorkflowId } from '../../worker/contract/id.ts'
import type { AcceptedExecution } from '../../worker/store/executions.ts'
import { findExamples } from '../../worker/usecases/progress/find-examples.ts'

const hour = 3_600_000
const day = 24 * hour
const now = 400 * day

interface Accepted extends AcceptedExecution {
  at: number
}

let made = 0

function accepted(at: number, more: Partial<AcceptedExecution> = {}): Accepted {
  const versionNumber = more.versionNumber ?? 2
  return {
    id: `exe_${made++}` as ExecutionId,
    versionId: `ver_${versionNumber}` as VersionId,
    versionNumber,
    status: 'completed',
    triggerKind: 'webhook',
    generation: 1,
    stepCount: 5,
    at,
    ...more,
  }
}

/** What a workflow of these teaches about its second version, and how often it was asked for some. */
async function find(all: Accepted[], own = { id: 'ver_2' as VersionId, number: 2 }) {
  const sorted = all.toSorted((a, b) => b.at - a.at)
  let asked = 0
  const store = {
    async listAccepted(_: WorkflowId, { before, limit }: { before: number; limit: number }) {
      asked += 1
      return sorted.filter(({ at }) => at < before).slice(0, limit)
    },
  }
  const found = await findExamples(store, 'wf_1' as WorkflowId, own, now)
  const byId = new Map(all.map((each) => [each.id, each]))
  return { ...found, asked, ats: found.ids.map((id) => byId.get(id)!.at) }
}

/** So many, evenly over a stretch of time before now. */
function spread(count: number, from: number, until: number, more: Partial<AcceptedExecution> = {}): Accepted[] {
  return Array.from({ length: count }, (_, index) => accepted(now - until - ((from - until) * index) / count, more))
}

describe('executions to learn from', () => {
  test('are the newest of the version, with one look, where most have come to their end', async () => {
    const { ids, ats, isOwn, asked } = await find(spread(2_000, 10 * day, 0))
    expect([ids.length, isOwn, asked]).toEqual([500, true, 1])
    expect(ats[0]).toBe(now)
  })

  test('come from a time when others have come to their end too, where most of the newest still go on', async () => {
    const young = [...spread(900, 20 * hour, 0, { status: 'waiting' }), ...spread(50, 20 * hour, 0)]
    const { ats, asked } = await find([...young, ...spread(600, 5 * day, day)])
    expect(asked).toBe(3)
    expect(Math.max(...ats)).toBeLessThan(now - day + 1)
  })

  test('are the quick ones where there are no others, rather than none', async () => {
    const { ids, isOwn, asked } = await find([
      ...spread(900, hour / 2, 0, { status: 'waiting' }),
      ...spread(60, hour / 2, 0),
    ])
    expect([ids.length > 20, isOwn, asked]).toEqual([true, true, 2])
  })

  test('are of the newest version before it, where it has none; for a draft of the newest there is', async () => {
    const all = [1, 3, 4].flatMap((versionNumber) => spread(3, day, 0, { versionNumber }))
    expect(await find(all)).toMatchObject({ version: { number: 1 }, isOwn: false })
    expect(await find(all, { id: 'ver_0' as VersionId, number: 0 })).toMatchObject({
      version: { number: 4 },
      isOwn: false,
    })
    expect(await find(spread(3, day, 0, { versionNumber: 3 }))).toMatchObject({ ids: [], isOwn: true })
  })

  test('of its own are better than others, however few and old', async () => {
    const all = [...spread(3_000, 5 * day, 0, { versionNumber: 1 }), ...spread(2, 20 * day, 19 * day)]
    expect(await find(all)).toMatchObject({ version: { number: 2 }, isOwn: true, ids: { length: 2 } })
  })

  test('completed, are no forks, were not taken up again, are not too large, and are of one version', async () => {
    const any = fc
      .record({
        age: fc.integer({ min: 0, max: 100 * day }),
        status: fc.constantFrom(...executionStatuses),
        triggerKind: fc.constantFrom('webhook' as const, 'fork' as const, 'pretend_fork' as const, 'manual' as const),
        generation: fc.constantFrom(1, 1, 2),
        stepCount: fc.constantFrom(1, 5, 2_000, 2_001),
        versionNumber: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ age, ...more }) => accepted(now - age, more))
    await fc.assert(
      fc.asyncProperty(fc.array(any, { maxLength: 60 }), async (all) => {
        const { ids, version } = await find(all)
        const isExample = ({ status, triggerKind, generation, stepCount, versionId }: Accepted) =>
          status.startsWith('completed') &&
          !triggerKind.includes('fork') &&
          generation === 1 &&
          stepCount <= 2_000 &&
          versionId === version.id
        const wanted = all.filter(isExample).toSorted((a, b) => b.at - a.at)
        expect(new Set(ids)).toEqual(new Set(wanted.map(({ id }) => id)))
        if (all.some((each) => isExample({ ...each, versionId: version.id }) && each.versionNumber === 2)) {
          expect(version.number).toBe(2)
        }
      }),
      { numRuns: 200 },
    )
  })
})
