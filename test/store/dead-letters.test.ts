import { env } from 'cloudflare:workers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExecutionStatus } from '../../worker/contract/execution.ts'
import type { ExecutionId, OrganizationId, WorkflowId } from '../../worker/contract/id.ts'
import { newId } from '../../worker/lib/id.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { deadLetterStore } from '../../worker/store/dead-letters.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'

const exhausted: readonly ExecutionStatus[] = ['failed', 'timed_out', 'completed_with_errors']

function record(over: Partial<ExecutionRecord> & Pick<ExecutionRecord, 'organizationId' | 'id'>): ExecutionRecord {
  return {
    workflowId: newId('workflow'),
    workflowName: 'Any',
    versionId: newId('version'),
    versionNumber: 1,
    status: 'failed',
    triggerKind: 'manual',
    eventId: newId('event'),
    generation: 1,
    seq: 1,
    acceptedAt: 1,
    finishedAt: 1,
    wakeAt: null,
    objectUntil: null,
    stepCount: 0,
    failure: null,
    journal: [],
    ...over,
  }
}

type Deed =
  | { kind: 'becomes'; which: number; status: ExecutionStatus }
  | { kind: 'again'; which: number; status: ExecutionStatus }
  | { kind: 'discard'; which: number }

const which = fc.nat(3)
const status = fc.constantFrom<ExecutionStatus>('failed', 'timed_out', 'completed_with_errors', 'completed', 'running')
const deed: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant('becomes' as const), which, status }),
  fc.record({ kind: fc.constant('again' as const), which, status }),
  fc.record({ kind: fc.constant('discard' as const), which }),
)

test('I12: an execution is on the list exactly while it has failed and this failure was not discarded', async () => {
  const workflowId: WorkflowId = newId('workflow')
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 8 }), async (deeds) => {
      const organizationId: OrganizationId = newId('organization')
      const store = deadLetterStore(openDatabase(env.LOGS), { organizationId }, [workflowId])
      const known = new Map<
        ExecutionId,
        { status: ExecutionStatus; generation: number; seq: number; discarded: number }
      >()
      const ids = Array.from({ length: 4 }, () => newId('execution'))
      for (const one of deeds) {
        const id = ids[one.which]!
        const was = known.get(id) ?? { status: 'queued' as const, generation: 1, seq: 0, discarded: 0 }
        if (one.kind === 'discard') {
          const letter = await store.find(id)
          const isThere = exhausted.includes(was.status) && was.discarded !== was.generation
          expect(letter !== undefined).toBe(isThere)
          if (letter === undefined) continue
          expect(await store.remove(letter)).toBe(true)
          expect(await store.remove(letter)).toBe(false)
          known.set(id, { ...was, discarded: was.generation })
          continue
        }
        const generation = one.kind === 'again' ? was.generation + 1 : was.generation
        const is = { ...was, status: one.status, generation, seq: was.seq + 1 }
        known.set(id, is)
        await writeRecords(env.LOGS, [toRow(record({ organizationId, id, workflowId, ...is }))])
      }
      const expected = [...known].filter(([, is]) => exhausted.includes(is.status) && is.discarded !== is.generation)
      const { items } = await store.list({ limit: 50 })
      expect(new Set(items.map(({ id }) => id))).toEqual(new Set(expected.map(([id]) => id)))
    }),
    { numRuns: 100 },
  )
})

test('the list is read by the index that holds only what failed', async () => {
  const asked: string[] = []
  const logs = {
    prepare(text: string) {
      asked.push(text)
      return env.LOGS.prepare(text)
    },
  } as unknown as D1Database
  await deadLetterStore(openDatabase(logs), { organizationId: newId('organization') }, undefined).list({ limit: 50 })
  const text = asked.find((one) => one.includes('from "executions"'))!
  const values = Array.from({ length: text.split('?').length - 1 }, () => 1)
  const { results } = await env.LOGS.prepare(`EXPLAIN QUERY PLAN ${text}`)
    .bind(...values)
    .all<{ detail: string }>()
  const plan = results.map(({ detail }) => detail).join('; ')
  expect(plan).toContain('USING INDEX executions_exhausted')
  expect(plan).not.toContain('TEMP B-TREE')
})
