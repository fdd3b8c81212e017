import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { newId } from '../../worker/lib/id.ts'
import { describeNodeTypes } from '../../worker/nodes/describe-node-types.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'
import { makeApi, type Member } from '../support/api.ts'

let now = 1_000_000
const api = makeApi({
  nodes: { describe: describeNodeTypes, validate: validateGraph },
  now: () => new Date(now),
})

const at = { x: 0, y: 0 }
const url = 'https://mail.example/send'
//  start ─► send ─► note
const graph = {
  version: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', name: 'Start', position: at, params: {} },
    { id: 'send', type: 'http.request', name: 'Send', position: at, params: { method: 'POST', url } },
    { id: 'note', type: 'data.transform', name: 'Note', position: at, params: { expression: '1' } },
  ],
  edges: [
    { id: 'a', source: 'start', sourcePort: 'out', target: 'send' },
    { id: 'b', source: 'send', sourcePort: 'out', target: 'note' },
  ],
}

/** It began at `from` and called; after `ms` it was answered and came to its end. Without, the call goes on. */
function journalOf(from: number, ms?: number): JournalEntry[] {
  const first: JournalEntry = {
    seq: 1,
    at: from,
    events: [
      { type: 'started', at: from, trigger: { nodeId: 'start', kind: 'manual', data: null }, vars: {} },
      { type: 'stepCompleted', at: from, path: 'start', node: 'start', port: 'out', next: ['send'] },
      { type: 'attemptStarted', at: from, path: 'send', node: 'send', attempt: 1, leaseUntil: from + 45_000 },
    ],
  }
  if (ms === undefined) return [first]
  const end = from + ms
  return [
    first,
    {
      seq: 2,
      at: end,
      events: [
        { type: 'stepCompleted', at: end, path: 'send', node: 'send', output: 1, port: 'out', next: ['note'] },
        { type: 'stepCompleted', at: end, path: 'note', node: 'note', output: 1, port: 'out', next: [] },
        { type: 'finished', at: end, status: 'completed' },
      ],
    },
  ]
}

interface Drawn {
  as: Member
  workflowId: string
  versions: { id: string; number: number }[]
}

async function drawn(as: Member): Promise<Drawn> {
  const { data } = await api.send('POST', '/api/v2/workflows', { as, body: { name: 'Any', graph } })
  const { data: version } = await api.send('POST', `/api/v2/workflows/${data.id}/publish`, { as })
  return { as, workflowId: data.id, versions: [{ id: version.id, number: 1 }] }
}

/** A further version. */
async function published({ as, workflowId, versions }: Drawn): Promise<void> {
  const { data: draft } = await api.send('GET', `/api/v2/workflows/${workflowId}`, { as })
  const nodes = graph.nodes.map((node) => ({ ...node, name: `${node.name} ${versions.length}` }))
  const headers = { 'if-match': `"${draft.revision}"` }
  await api.send('PATCH', `/api/v2/workflows/${workflowId}`, { as, body: { graph: { ...graph, nodes } }, headers })
  const { data: version } = await api.send('POST', `/api/v2/workflows/${workflowId}/publish`, { as })
  versions.push({ id: version.id, number: versions.length + 1 })
}

async function executed(
  { as, workflowId, versions }: Drawn,
  { ms, of = versions.length, ...more }: { ms?: number; of?: number } & Partial<ExecutionRecord> = {},
) {
  const version = versions[of - 1]!
  const record = {
    organizationId: as.organizationId,
    id: newId('execution', now),
    workflowId,
    workflowName: 'Any',
    versionId: version.id,
    versionNumber: version.number,
    status: ms === undefined ? 'running' : 'completed',
    triggerKind: 'manual',
    eventId: newId('event'),
    generation: 1,
    seq: 1,
    acceptedAt: now,
    finishedAt: ms === undefined ? null : now + ms,
    wakeAt: null,
    objectUntil: null,
    stepCount: 3,
    failure: null,
    journal: journalOf(now, ms),
    ...more,
  } as ExecutionRecord
  await writeRecords(env.LOGS, [toRow(record)])
  return record.id
}

/** Half a minute later nothing is remembered of what was learned. */
const later = () => (now += 31_000)

async function progressOf(as: Member, id: string) {
  const { status, data, error } = await api.send('GET', `/api/v2/executions/${id}/progress`, { as })
  return status === 200 ? data : [status, error.code]
}

describe('progress', () => {
  test('is learned from executions of the version that completed', async () => {
    const workflow = await drawn(await api.signUp())
    for (const ms of [1_000, 2_000, 6_000]) await executed(workflow, { ms })
    const id = await executed(workflow)
    now += 500
    expect(await progressOf(workflow.as, id)).toEqual({
      executionId: id,
      at: new Date(now).toISOString(),
      done: 1,
      expected: { likely: 3, from: 3, to: 3 },
      share: 0.333,
      remainingMs: { likely: 1_500, from: 700, to: 4_700 },
      basedOn: { source: 'history', executions: 3, versionNumber: 1, sameVersion: true },
    })
  })

  test('is learned from the version before where it has none, and says so; then from its own', async () => {
    const workflow = await drawn(await api.signUp())
    await executed(workflow, { ms: 9_000 })
    await published(workflow)
    await executed(workflow, { ms: 4_000 })
    await published(workflow)
    const id = await executed(workflow)
    expect(await progressOf(workflow.as, id)).toMatchObject({
      remainingMs: { likely: 4_000 },
      basedOn: { source: 'history', executions: 1, versionNumber: 2, sameVersion: false },
    })
    await executed(workflow, { ms: 60_000 })
    later()
    expect(await progressOf(workflow.as, id)).toMatchObject({
      remainingMs: { likely: 29_000 },
      basedOn: { versionNumber: 3, sameVersion: true },
    })
  })

  test('is not learned from what failed, was taken up again, was forked, or belongs to others', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const workflow = await drawn(ada)
    await executed(workflow, { ms: 10, status: 'failed' })
    await executed(workflow, { ms: 10, generation: 2 })
    await executed(workflow, { ms: 10, triggerKind: 'fork' })
    await executed(workflow, { ms: 10, triggerKind: 'pretend_fork' })
    await executed(workflow, { ms: 10, stepCount: 5_000 })
    await executed({ ...workflow, as: eve }, { ms: 10 })
    const id = await executed(workflow)
    expect(await progressOf(ada, id)).toMatchObject({
      done: 1,
      expected: { likely: 3 },
      remainingMs: null,
      note: 'no_history',
      basedOn: { source: 'graph' },
    })
  })

  test('is learned from the newest, as far as their journals are not too large together', async () => {
    const workflow = await drawn(await api.signUp())
    const large = (ms: number, characters: number) => {
      const [first, last] = journalOf(now, ms)
      const [done, ...rest] = last!.events
      const events = [{ ...done, output: 'x'.repeat(characters) } as typeof done, ...rest]
      return executed(workflow, { ms, journal: [first, { ...last, events }] })
    }
    await large(1_000, 10)
    for (let index = 0; index < 4; index++) {
      later()
      await large(2_000, 590_000)
    }
    later()
    // Kept in parts: it is left out, and those before it are not.
    await large(3_000, 700_000)
    later()
    expect(await progressOf(workflow.as, await executed(workflow))).toMatchObject({
      remainingMs: { from: 2_000, likely: 2_000, to: 2_000 },
      basedOn: { executions: 3 },
    })
  })

  test('of what has finished is the whole, without anything read for it', async () => {
    const workflow = await drawn(await api.signUp())
    const id = await executed(workflow, { ms: 1_000 })
    const data = await progressOf(workflow.as, id)
    expect(data).toMatchObject({ done: 3, share: 1, remainingMs: { likely: 0 }, basedOn: null })
  })

  test('may be seen by who may see the execution, also without its data; by nobody else (G4, G10)', async () => {
    const [ada, eve] = [await api.signUp(), await api.signUp()]
    const id = await executed(await drawn(ada))
    expect(await progressOf(eve, id)).toEqual([404, 'execution.not_found'])
    const keyOf = async (scopes: string[]) =>
      (await api.send('POST', '/api/v2/api-keys', { as: ada, body: { name: 'Key', scopes } })).data.secret
    const [reading, other] = [await keyOf(['execution.read']), await keyOf(['workflow.read'])]
    const path = `/api/v2/executions/${id}/progress`
    expect((await api.send('GET', path, { key: reading })).status).toBe(200)
    expect((await api.send('GET', path, { key: other })).status).toBe(403)
  })
})
