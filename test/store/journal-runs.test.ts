// Long journals reach D1 in runs: whatever comes late, twice, or in another order, what can be read is never with a gap.

import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ExecutionId, OrganizationId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { executionStore } from '../../worker/store/executions.ts'
import { findRecorded } from '../../worker/store/journals.ts'
import { parseRow, rowText, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'

const organizationId: OrganizationId = newId('organization')
const [workflowId, versionId, eventId] = [newId('workflow'), newId('version'), newId('event')]
const logs = openDatabase(env.LOGS)
const store = executionStore(logs, { organizationId }, undefined)

interface Entry {
  seq: number
  says: string
}

const entriesOf = (from: number, to: number, pad = ''): Entry[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({
    seq: from + index,
    says: `${from + index}${pad}`,
  }))

/** As of turn `seq`: all of it, or what came with turn `from` and after. */
function record(id: ExecutionId, seq: number, from?: number, pad = ''): ExecutionRecord {
  return {
    organizationId,
    id,
    workflowId,
    workflowName: 'Any',
    versionId,
    versionNumber: 1,
    status: 'waiting',
    triggerKind: 'manual',
    eventId,
    generation: 1,
    seq,
    acceptedAt: 1,
    finishedAt: null,
    wakeAt: null,
    objectUntil: null,
    stepCount: seq,
    failure: null,
    journal: entriesOf(from ?? 1, seq, pad),
    ...(from !== undefined && { from }),
  }
}

/** As they travel: as text. */
const write = (...records: ExecutionRecord[]) =>
  writeRecords(
    env.LOGS,
    records.map((each) => parseRow(rowText(each))),
  )

/** The turns that can be read, and the last one that its row speaks of. */
async function read(id: ExecutionId) {
  const stored = await store.find(id)
  const { seq } = (await findRecorded(logs, organizationId, id)) ?? { seq: 0 }
  return { seq, entries: JSON.parse(stored?.journal ?? '[]') as Entry[] }
}

describe('a journal that comes in runs', () => {
  test('is read as one, in its order', async () => {
    const id = newId('execution')
    await write(record(id, 2))
    await write(record(id, 4, 3))
    await write(record(id, 9, 5))
    expect(await read(id)).toEqual({ seq: 9, entries: entriesOf(1, 9) })
    expect(await findRecorded(logs, organizationId, id)).toEqual({ seq: 9, lastRun: 5 })
  })

  test('may have turns twice, where a run was sent by who knew less', async () => {
    const id = newId('execution')
    await write(record(id, 2))
    await write(record(id, 5, 3))
    await write(record(id, 8, 6))
    await write(record(id, 9, 3))
    expect(await read(id)).toEqual({ seq: 9, entries: entriesOf(1, 9) })
  })

  test('is not changed by a run that comes late, also of the same beginning', async () => {
    const id = newId('execution')
    await write(record(id, 2))
    await write(record(id, 6, 3), record(id, 4, 3))
    await write(record(id, 5, 3))
    expect(await read(id)).toEqual({ seq: 6, entries: entriesOf(1, 6) })
  })

  test('is not changed by a run whose beginning is not there, and neither is what is shown', async () => {
    const id = newId('execution')
    await write(record(id, 9, 5))
    expect(await read(id)).toEqual({ seq: 0, entries: [] })
    await write(record(id, 2))
    await write(record(id, 9, 5))
    expect(await read(id)).toEqual({ seq: 2, entries: entriesOf(1, 2) })
    // In one batch as well: what comes with it is not there yet.
    await write(record(id, 4, 3), record(id, 9, 5))
    expect(await read(id)).toEqual({ seq: 4, entries: entriesOf(1, 4) })
  })

  test('may begin with what is larger than a value, and go on so', async () => {
    const id = newId('execution')
    const pad = 'ü'.repeat(400_000)
    await write(record(id, 4, undefined, pad))
    await write(record(id, 7, 5, pad))
    await write(record(id, 8, 8))
    const { seq, entries } = await read(id)
    expect(seq).toBe(8)
    expect(entries.map(({ says }) => says.length)).toEqual([...Array<number>(7).fill(400_001), 1])
    expect(entries.map((entry) => entry.seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  test('that is whole again is read from that', async () => {
    const id = newId('execution')
    await write(record(id, 2))
    await write(record(id, 4, 3))
    await write({ ...record(id, 6), generation: 2 })
    await write({ ...record(id, 8, 7), generation: 2 })
    expect(await read(id)).toEqual({ seq: 8, entries: entriesOf(1, 8) })
  })

  test('is an example for how long others take, unless it is too large', async () => {
    const [short, long] = [newId('execution'), newId('execution')].toSorted() as [ExecutionId, ExecutionId]
    await write(record(short, 2), record(long, 2, undefined, 'x'.repeat(500)))
    await write(record(short, 4, 3))
    const all = await store.readJournals([short, long], { characters: 10_000, largest: 10_000 })
    expect(all.map((text) => (JSON.parse(text) as Entry[]).length)).toEqual([2, 4])
    const few = await store.readJournals([short, long], { characters: 10_000, largest: 1_000 })
    expect(few.map((text) => (JSON.parse(text) as Entry[]).length)).toEqual([4])
    expect(await store.readJournals([short, long], { characters: 1_100, largest: 10_000 })).toHaveLength(1)
  })

  test('has no gap at any time, and reaches as far as its row says, however its records travel', async () => {
    /** What somebody does: the execution goes on, its object sends what D1 does not have, some of what is under way arrives. */
    const deed = fc.oneof(
      fc.record({ what: fc.constant('goOn' as const), turns: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ what: fc.constant('send' as const), how: fc.constantFrom('whole', 'run', 'lastRun') }),
      fc.record({ what: fc.constant('arrive' as const), which: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }) }),
    )
    let [runs, most] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength: 14 }), async (deeds) => {
        const id = newId('execution')
        const underWay: ExecutionRecord[] = []
        let seq = 1
        for (const each of deeds) {
          if (each.what === 'goOn') seq += each.turns
          else if (each.what === 'send') {
            const known = await findRecorded(logs, organizationId, id)
            const next = Math.min((known?.seq ?? 0) + 1, seq)
            const from = each.how === 'lastRun' && known !== undefined && known.lastRun > 0 ? known.lastRun : next
            underWay.push(known === undefined || each.how === 'whole' ? record(id, seq) : record(id, seq, from))
          } else if (underWay.length > 0) {
            // Nothing is taken away: whatever is under way may come again.
            await write(...each.which.map((which) => underWay[which % underWay.length]!))
            const now = await read(id)
            expect(now.entries).toEqual(entriesOf(1, now.seq))
            most = Math.max(most, now.seq)
          }
        }
        runs += underWay.filter(({ from }) => from !== undefined).length
      }),
      { numRuns: 100 },
    )
    expect(runs).toBeGreaterThan(50)
    expect(most).toBeGreaterThan(5)
  })
})
