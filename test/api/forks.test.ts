import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'
import type { ExecutionId } from '../../worker/contract/id.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { newId } from '../../worker/lib/id.ts'
import { findInvolved } from '../../worker/store/approvals.ts'
import { openDatabase } from '../../worker/store/database.ts'
import { toRow, writeRecords, type ExecutionRecord } from '../../worker/store/records.ts'
import { createVault } from '../../worker/vault/index.ts'
import { makeApi, type Member } from '../support/api.ts'
import { makeKey, makeMember } from '../support/people.ts'

const api = makeApi()

const at = { x: 0, y: 0 }
const send = {
  id: 'send',
  type: 'http.request',
  name: 'Send',
  position: at,
  params: { method: 'POST', url: 'https://mail.example/send' },
}
//  start ─► score ─► send ─► done
const graph = {
  version: 1,
  nodes: [
    { id: 'start', type: 'trigger.manual', name: 'Start', position: at, params: {} },
    { id: 'score', type: 'data.transform', name: 'Score', position: at, params: { expression: 'trigger.data.n * 2' } },
    send,
    { id: 'done', type: 'data.transform', name: 'Done', position: at, params: { expression: 'steps.send.status' } },
  ],
  edges: [
    { id: 'a', source: 'start', sourcePort: 'out', target: 'score' },
    { id: 'b', source: 'score', sourcePort: 'out', target: 'send' },
    { id: 'c', source: 'send', sourcePort: 'out', target: 'done' },
  ],
}

/** It sent, was refused, and failed. */
const journal: JournalEntry[] = [
  {
    seq: 1,
    at: 1_000,
    events: [
      { type: 'started', at: 1_000, trigger: { nodeId: 'start', kind: 'manual', data: { data: { n: 2 } } }, vars: {} },
      { type: 'stepCompleted', at: 1_000, path: 'start', node: 'start', port: 'out', next: ['score'] },
      { type: 'stepCompleted', at: 1_000, path: 'score', node: 'score', output: 4, port: 'out', next: ['send'] },
      {
        type: 'attemptStarted',
        at: 1_000,
        path: 'send',
        node: 'send',
        attempt: 1,
        leaseUntil: 46_000,
        input: { method: 'POST', url: 'https://mail.example/send', headers: { authorization: 'Bearer secret' } },
      },
    ],
  },
  {
    seq: 2,
    at: 2_000,
    events: [
      {
        type: 'attemptFailed',
        at: 2_000,
        path: 'send',
        attempt: 1,
        failure: { kind: 'terminal', code: 'http.422', message: 'Refused.' },
      },
      {
        type: 'stepFailed',
        at: 2_000,
        path: 'send',
        node: 'send',
        failure: { kind: 'terminal', code: 'http.422', message: 'Refused.' },
        handled: 'stop',
        next: [],
      },
      { type: 'finished', at: 2_000, status: 'failed', output: null },
    ],
  },
]

async function workflowOf(as: Member) {
  const { data } = await api.send('POST', '/api/v2/workflows', { as, body: { name: 'Any', graph } })
  const { data: version } = await api.send('POST', `/api/v2/workflows/${data.id}/publish`, { as })
  return { workflow: data, version }
}

async function origin(
  as: Member,
  known?: Awaited<ReturnType<typeof workflowOf>>,
  status: ExecutionRecord['status'] = 'failed',
) {
  const { workflow, version } = known ?? (await workflowOf(as))
  const id = newId('execution')
  const record: ExecutionRecord = {
    organizationId: as.organizationId,
    id,
    workflowId: workflow.id,
    workflowName: 'Any',
    versionId: version.id,
    versionNumber: 1,
    status,
    triggerKind: 'manual',
    eventId: newId('event'),
    generation: 1,
    seq: 2,
    acceptedAt: 1_000,
    finishedAt: status === 'failed' ? 2_000 : null,
    wakeAt: null,
    objectUntil: null,
    stepCount: 3,
    failure: null,
    journal,
  }
  await writeRecords(env.LOGS, [toRow(record)])
  return { id, record, workflow, version }
}

const forkOf = (as: Member, id: ExecutionId, body: object, headers = {}) =>
  api.send('POST', `/api/v2/executions/${id}/fork`, { as, body, headers })

describe('forking', () => {
  test('begins an execution of its own from the step, with what was edited, and is in the audit', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const edits = { outputs: { score: 40 } }
    const { status, data } = await forkOf(ada, id, { from: 'send', effects: 'real', edits })
    expect([status, data.duplicate]).toEqual([202, false])
    const begun = api.runtime.forks.find(({ executionId }) => executionId === data.executionId)!
    expect(begun.entries.at(-1)!.events).toMatchObject([
      { type: 'forked', by: ada.userId, from: { executionId: id, path: 'send' }, generation: 2, edits },
    ])
    const { data: audit } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(audit.items.find(({ targetId }: { targetId: string }) => targetId === data.executionId)).toMatchObject({
      action: 'execution.forked',
      details: { originId: id, path: 'send', effects: 'real', edited: ['outputs.score'] },
    })
  })

  test('pretended has ended when it is answered, gives what is told, and nothing has gone out', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const steps = { send: { output: { status: 299 } } }
    const { status, data } = await forkOf(ada, id, { from: 'score', effects: 'pretend', steps })
    expect(status).toBe(200)
    expect(data.execution).toMatchObject({
      trigger: 'pretend_fork',
      status: 'completed',
      output: 299,
      origin: { executionId: id, path: 'score', effects: 'pretend' },
    })
    expect(api.runtime.calls).toEqual([])
    expect(api.runtime.forks.at(-1)).toMatchObject({ executionId: data.executionId, pretend: true })
  })

  test('asked twice with one key is one fork; with another request it is a conflict', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const key = { 'idempotency-key': 'once' }
    const body = { from: 'send', effects: 'real' }
    const first = await forkOf(ada, id, body, key)
    const again = await forkOf(ada, id, body, key)
    expect([again.data.executionId, again.data.duplicate]).toEqual([first.data.executionId, true])
    const other = await forkOf(ada, id, { ...body, from: 'score' }, key)
    expect([other.status, other.error.code]).toEqual([409, 'hook.conflict'])
  })

  test('is refused where the execution never came, and for edits that nobody would read', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const never = await forkOf(ada, id, { from: 'done', effects: 'real' })
    expect([never.status, never.error.code]).toEqual([409, 'execution.step_unknown'])
    const vain = await forkOf(ada, id, { from: 'send', effects: 'real', edits: { outputs: { done: 1 } } })
    expect([vain.status, vain.error.details]).toEqual([
      400,
      { problems: [{ path: 'edits.outputs.done', message: 'is not read by any step that comes' }] },
    ])
    const told = await forkOf(ada, id, { from: 'send', effects: 'real', steps: { send: { output: 1 } } })
    expect(told.status).toBe(400)
  })

  test('goes on with the live version where it is asked to, and says why it cannot', async () => {
    const ada = await api.signUp()
    const { id, workflow } = await origin(ada)
    const publish = async (nodes: object[], edges: object[], revision: number) => {
      const body = { graph: { ...graph, nodes, edges } }
      const headers = { 'if-match': `"${revision}"` }
      await api.send('PATCH', `/api/v2/workflows/${workflow.id}`, { as: ada, body, headers })
      return (await api.send('POST', `/api/v2/workflows/${workflow.id}/publish`, { as: ada })).data
    }
    const second = await publish(
      graph.nodes.map((node) => ({ ...node, name: `${node.name} now` })),
      graph.edges,
      1,
    )
    await forkOf(ada, id, { from: 'send', effects: 'real', version: 'latest' })
    expect(api.runtime.forks.at(-1)!.versionId).toBe(second.id)
    await publish(
      graph.nodes.filter((node) => node.id !== 'send'),
      graph.edges.slice(0, 1),
      2,
    )
    const refused = await forkOf(ada, id, { from: 'send', effects: 'real', version: 'latest' })
    expect([refused.status, refused.error.code]).toEqual([409, 'execution.version_misfit'])
    expect(refused.error.details.misfits).toMatchObject([{ code: 'step_gone', path: 'send' }])
  })

  test('what is masked is sent on to the address it was recorded for, and to no other', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const edited = (url: string) => ({
      from: 'send',
      effects: 'real',
      edits: { inputs: { send: { method: 'POST', url, headers: { authorization: '***', 'x-note': 'new' } } } },
    })
    await forkOf(ada, id, edited('https://mail.example/other'))
    expect(api.runtime.forks.at(-1)!.entries.at(-1)!.events[0]).toMatchObject({
      edits: { inputs: { send: { headers: { authorization: 'Bearer secret', 'x-note': 'new' } } } },
    })
    const elsewhere = await forkOf(ada, id, edited('https://evil.example/take'))
    expect([elsewhere.status, elsewhere.error.code]).toEqual([400, 'request.invalid'])
  })

  test('G5: needs leave of its own, and so does a retry with edits', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const operator = await makeMember(ada.organizationId, { role: 'operator', sight: 'organization' })
    const key = await makeKey(operator, ada.organizationId, ['execution.fork', 'execution.retry', 'execution.read'])
    const fork = await api.send('POST', `/api/v2/executions/${id}/fork`, {
      key,
      body: { from: 'send', effects: 'pretend' },
    })
    expect([fork.status, fork.error.details]).toEqual([403, { needs: 'execution.fork' }])
    const body = { edits: { variables: { a: 1 } } }
    const retry = await api.send('POST', `/api/v2/executions/${id}/retry`, { key, body })
    expect([retry.status, retry.error.details]).toEqual([403, { needs: 'execution.fork' }])
  })
})

describe('the chain of an execution', () => {
  const { signCause } = createVault({ rootSecret: env.LEAT_SECRET })

  test('K1: a fork is in that of its origin, and in that of the step which asks for it', async () => {
    const ada = await api.signUp()
    const { id, record } = await origin(ada)
    const chainOfFork = () => {
      const events = api.runtime.forks.at(-1)!.entries.flatMap((entry) => entry.events)
      return events.findLast((event) => event.type === 'forked')?.cause
    }
    await forkOf(ada, id, { from: 'send', effects: 'real' })
    expect(chainOfFork()).toEqual({ root: record.eventId, depth: 0, path: [] })

    const path = [newId('workflow'), newId('workflow')]
    const by = { kind: 'execution' as const, executionId: newId('execution'), workflowId: path[1]!, step: 'call' }
    const asking = { root: newId('event'), depth: 2, path, senders: [newId('user')] }
    const token = await signCause({
      organizationId: ada.organizationId,
      cause: { ...asking, by },
      issuedAt: Date.now(),
    })
    await forkOf(ada, id, { from: 'send', effects: 'real' }, { 'leat-cause': token })
    expect(chainOfFork()).toEqual(asking)
  })

  test('K1: no step has an execution forked or tried again in a circle', async () => {
    const ada = await api.signUp()
    const { id, workflow } = await origin(ada)
    const by = { kind: 'execution' as const, executionId: id, workflowId: workflow.id, step: 'call' }
    const cause = { root: newId('event'), depth: 3, path: Array(3).fill(workflow.id), by }
    const token = await signCause({ organizationId: ada.organizationId, cause, issuedAt: Date.now() })
    const headers = { 'leat-cause': token }
    const fork = await forkOf(ada, id, { from: 'send', effects: 'real' }, headers)
    const retry = await api.send('POST', `/api/v2/executions/${id}/retry`, { as: ada, headers })
    for (const refused of [fork, retry]) {
      expect([refused.status, refused.error.code, refused.error.details.rule]).toEqual([
        409,
        'execution.loop_detected',
        'self',
      ])
    }
    expect((await forkOf(ada, id, { from: 'send', effects: 'pretend' }, headers)).status).toBe(200)
  })
})

describe('four eyes', () => {
  test('whoever forked an execution, or what it is a fork of, is involved in it', async () => {
    const ada = await api.signUp()
    const { id, workflow } = await origin(ada)
    const editor = await makeMember(ada.organizationId, { role: 'admin' })
    const key = await makeKey(editor, ada.organizationId, [
      'execution.fork',
      'execution.read_payload',
      'execution.read',
    ])
    const body = { from: 'send', effects: 'real' }
    const { data } = await api.send('POST', `/api/v2/executions/${id}/fork`, { key, body })
    const { people, starterIsKnown } = await findInvolved(openDatabase(env.DB), {
      organizationId: ada.organizationId,
      workflowId: workflow.id,
      executionId: data.executionId,
      root: null,
      senders: [],
    })
    expect(starterIsKnown).toBe(true)
    expect(people.map(({ userId }) => userId).sort()).toEqual([ada.userId, editor].sort())
  })
})

describe('the tree of forks', () => {
  test('tells of which execution each is a fork, from which step, by whom, and is the same from wherever it is asked', async () => {
    const ada = await api.signUp('Ada Lovelace')
    const { id, record } = await origin(ada)
    const { data: one } = await forkOf(ada, id, { from: 'send', effects: 'pretend' })
    // What the runtime would have kept of it.
    const kept = {
      ...record,
      id: one.executionId,
      versionNumber: 1,
      status: 'failed',
      triggerKind: 'pretend_fork',
    } as const
    const { entries } = api.runtime.forks.at(-1)!
    await writeRecords(env.LOGS, [toRow({ ...kept, journal: entries })])
    const { data: two } = await forkOf(ada, one.executionId, {
      from: 'score',
      effects: 'pretend',
      edits: { trigger: 1 },
    })
    const { data: tree } = await api.send('GET', `/api/v2/executions/${one.executionId}/tree`, { as: ada })
    const by = { userId: ada.userId, name: 'Ada Lovelace' }
    expect(tree).toMatchObject({
      rootId: id,
      more: false,
      nodes: [
        { executionId: id, status: 'failed', versionNumber: 1 },
        { executionId: one.executionId, status: 'failed', origin: { executionId: id, path: 'send', by, edited: [] } },
        { executionId: two.executionId, origin: { executionId: one.executionId, path: 'score', edited: ['trigger'] } },
      ],
    })
    const { data: same } = await api.send('GET', `/api/v2/executions/${id}/tree`, { as: ada })
    expect(same).toEqual(tree)
    const real = await forkOf(ada, one.executionId, { from: 'send', effects: 'real' })
    expect([real.status, real.error.code]).toEqual([409, 'execution.pretended'])
    const { data: letters } = await api.send('GET', '/api/v2/dead-letters', { as: ada })
    expect(letters.items.map((letter: { id: string }) => letter.id)).toEqual([id])
  })

  test('of an execution that is nobody’s fork is itself', async () => {
    const ada = await api.signUp()
    const { id } = await origin(ada)
    const { data } = await api.send('GET', `/api/v2/executions/${id}/tree`, { as: ada })
    expect(data).toMatchObject({ rootId: id, nodes: [{ executionId: id }], more: false })
  })
})

describe('retrying with edits', () => {
  test('hands them over, and the audit says what was edited but not how', async () => {
    const ada = await api.signUp()
    const { id, workflow } = await origin(ada)
    api.runtime.live.set(`${ada.organizationId}/${id}`, { id, workflowId: workflow.id, steps: [] } as never)
    const body = { edits: { variables: { bonus: 'a secret' } } }
    expect((await api.send('POST', `/api/v2/executions/${id}/retry`, { as: ada, body })).status).toBe(202)
    expect(api.runtime.editedBy.get(id)).toEqual(body.edits)
    const { data: audit } = await api.send('GET', '/api/v2/audit', { as: ada })
    expect(audit.items[0]).toMatchObject({ action: 'execution.retried', details: { edited: ['variables.bonus'] } })
    expect(JSON.stringify(audit)).not.toContain('a secret')
  })
})

describe('migrating executions that wait', () => {
  async function waiting() {
    const ada = await api.signUp()
    const known = await workflowOf(ada)
    const fits = await origin(ada, known, 'waiting')
    const not = await origin(ada, known, 'waiting')
    await origin(ada, known, 'failed')
    const body = { graph: { ...graph, nodes: graph.nodes.map((node) => ({ ...node, name: `${node.name} 2` })) } }
    const headers = { 'if-match': '"1"' }
    await api.send('PATCH', `/api/v2/workflows/${known.workflow.id}`, { as: ada, body, headers })
    const { data: to } = await api.send('POST', `/api/v2/workflows/${known.workflow.id}/publish`, { as: ada })
    api.runtime.misfits.set(not.id, { code: 'step_gone', path: 'nap', message: 'Gone.' })
    const ask = (verb: string, more: object = {}) =>
      api.send('POST', `/api/v2/workflows/${known.workflow.id}/${verb}`, { as: ada, body: { to: to.id, ...more } })
    return { ada, fits: fits.id, not: not.id, to, ask, workflow: known.workflow }
  }

  test('shows who can move and why the rest cannot, and changes nothing', async () => {
    const { fits, not, to, ask } = await waiting()
    const { data } = await ask('migrations/preview')
    expect(data).toEqual({
      to: { id: to.id, number: 2 },
      movable: [{ id: fits, status: 'waiting', versionNumber: 1, waitsAt: ['nap'] }],
      stuck: [
        {
          id: not,
          status: 'waiting',
          versionNumber: 1,
          waitsAt: ['nap'],
          reasons: [{ code: 'step_gone', path: 'nap', message: 'Gone.' }],
        },
      ],
    })
    expect(api.runtime.migrated.has(fits)).toBe(false)
  })

  test('moves them, all that wait or those that are named, and is in the audit', async () => {
    const { ada, fits, not, to, ask, workflow } = await waiting()
    expect((await ask('migrations', { ids: [not] })).data).toMatchObject({ moved: [], stuck: [{ id: not }] })
    expect((await ask('migrations')).data).toMatchObject({ moved: [fits], stuck: [{ id: not }] })
    expect((await ask('migrations', { ids: [fits] })).data.moved).toEqual([fits])
    const { data: audit } = await api.send('GET', '/api/v2/audit', { as: ada })
    const entry = audit.items.find(({ action }: { action: string }) => action === 'workflow.migrated')
    expect(entry).toMatchObject({ targetId: workflow.id, details: { to: to.id, number: 2 } })
  })

  test('to a version of another workflow is 404, and executions of others are not touched', async () => {
    const { ask } = await waiting()
    const other = await waiting()
    const answer = await ask('migrations', { to: other.to.id })
    expect([answer.status, answer.error.code]).toEqual([404, 'version.not_found'])
    expect((await ask('migrations', { ids: [other.fits] })).data).toMatchObject({ moved: [], stuck: [] })
    expect(api.runtime.migrated.has(other.fits)).toBe(false)
  })
})
