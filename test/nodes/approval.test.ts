import { describe, expect, test } from 'vitest'
import { contentHash } from '../../worker/approvals/content-hash.ts'
import type { JsonObject } from '../../worker/contract/json.ts'
import { project } from '../../worker/engine/projection.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { member, outsider, voteOf } from '../approvals/support.ts'
import type { Play } from '../engine/support/play.ts'
import { graphOf, playOf } from './support.ts'

const day = 86_400_000
const start = Date.parse('2026-06-01T12:00:00Z')

//  start ─► ask ─approved─► yes,  ─rejected─► no,  ─expired─► late
function graphWith(params: JsonObject) {
  return graphOf(
    {
      start: ['trigger.manual'],
      ask: ['people.approval', { title: 'Pay?', approvers: 'ada@example.com, Grace@example.com', ...params }],
      yes: ['flow.end', {}],
      no: ['flow.end', {}],
      late: ['flow.end', {}],
    },
    ['start > ask', 'ask.approved > yes', 'ask.rejected > no', 'ask.expired > late'],
  )
}

function asks(params: JsonObject = {}): Play {
  const play = playOf(graphWith(params))
  play.now = start
  return play.start({ total: 120 })
}

const shown = (play: Play) => contentHash(askingOf(play).request.content)
const reached = (play: Play) => project(play.entries).steps.at(-1)?.nodeId

function askingOf({ state }: Play) {
  const step = state.open['ask']
  if (step?.status !== 'waiting' || step.asking === undefined) throw new Error('nobody is asked')
  return step.asking
}

function vote(play: Play, by = outsider('ada'), verdict: 'approve' | 'reject' = 'approve', given: object = {}): Play {
  const contents = shown(play)
  const made = voteOf(by, verdict, { contentHash: contents, comment: 'Fine.', ...given })
  return play.turn({ type: 'voted', path: 'ask', vote: made, involved: [] })
}

describe('an approval', () => {
  test('asks what its expressions give, and waits until its deadline', () => {
    const play = asks({ title: 'Pay {{ trigger.total }}?', details: { total: '{{ trigger.total }}' } })
    expect(askingOf(play).request).toMatchObject({
      content: { title: 'Pay 120?', details: { total: 120 } },
      approvers: { emails: ['ada@example.com', 'grace@example.com'] },
    })
    expect(play.outstanding).toMatchObject({ invocations: [], wakeAt: start + 7 * day })
  })

  test('goes on by the first decision, with who, when, what they said and the hash of what they saw', () => {
    const play = asks()
    play.now = start + 5
    const contents = shown(play)
    vote(play, member('ada'))
    expect(reached(play)).toBe('yes')
    expect(play.state.outputs['ask']).toEqual({
      status: 'approved',
      contentHash: contents,
      decidedAt: '2026-06-01T12:00:00.005Z',
      decisions: [
        {
          name: 'ada',
          email: 'ada@example.com',
          isMember: true,
          verdict: 'approve',
          comment: 'Fine.',
          at: '2026-06-01T12:00:00.005Z',
          contentHash: contents,
          signedBy: null,
        },
      ],
    })
  })

  test('E2: a second decision finds the first, and changes nothing', () => {
    const play = vote(asks({ quorum: 'all' }))
    const { length } = play.entries
    vote(play, outsider('ada'), 'reject')
    expect(play.entries).toHaveLength(length)
    vote(play, outsider('grace'), 'reject')
    expect(reached(play)).toBe('no')
    const ended = play.entries.length
    const late = voteOf(outsider('ada'), 'approve')
    play.turn({ type: 'voted', path: 'ask', vote: late, involved: [] })
    expect(play.entries).toHaveLength(ended)
  })

  test.each([
    ['expired', 'late'],
    ['approved', 'yes'],
    ['rejected', 'no'],
  ])('E2: when time is up it goes on as it says: %s', (atDeadline, way) => {
    const play = asks({ atMost: '1 day', atDeadline, quorum: 'all' })
    const contents = shown(play)
    play.now = start + day
    // At the instant itself the time is over: the decision comes too late.
    const made = voteOf(outsider('ada'), 'approve', { contentHash: contents })
    play.turn({ type: 'voted', path: 'ask', vote: made, involved: [] })
    expect(reached(play)).toBe(way)
    expect(play.state.outputs['ask']).toMatchObject({ status: atDeadline, decisions: [], decidedAt: null })
  })

  test('E2: after a cancellation nothing counts', () => {
    const play = asks()
    const contents = shown(play)
    play.turn({ type: 'cancel', by: 'usr_ada', reason: '' })
    const made = voteOf(outsider('ada'), 'approve', { contentHash: contents })
    const { length } = play.entries
    play.turn({ type: 'voted', path: 'ask', vote: made, involved: [] })
    expect(play.entries).toHaveLength(length)
    expect(play.state.finished?.status).toBe('cancelled')
  })

  test('E3: a decision at another path, about other content, or by somebody else changes nothing', () => {
    const play = asks({ fourEyes: true })
    const { length } = play.entries
    const good = voteOf(outsider('ada'), 'approve', { contentHash: shown(play) })
    for (const path of ['start', 'yes', 'ask#2', '__proto__'])
      play.turn({ type: 'voted', path, vote: good, involved: [] })
    vote(play, outsider('ada'), 'approve', { contentHash: 'b'.repeat(64) })
    vote(play, outsider('eve'))
    const involved = [{ userId: 'usr_ada', email: 'ada@example.com' }]
    play.turn({ type: 'voted', path: 'ask', vote: good, involved })
    expect(play.entries).toHaveLength(length)
  })

  test('is reminded of, and escalated, each at its instant and once', () => {
    const play = asks({
      atMost: '4 days',
      remindEvery: '1 day',
      escalateAfter: '36 hours',
      escalateTo: 'boss@example.com',
      quorum: 'all',
    })
    play.until(start + 2.5 * day)
    const nudges = play.entries.flatMap(({ events }) =>
      events.flatMap((event) => (event.type === 'approvalNudged' ? [[event.nudge, (event.at - start) / day]] : [])),
    )
    expect(nudges).toEqual([
      ['reminder', 1],
      ['escalation', 1.5],
      ['reminder', 2],
    ])
    expect(play.outstanding.wakeAt).toBe(start + 3 * day)
    vote(play, outsider('boss'))
    expect(reached(play)).toBe('yes')
  })

  test('in parallel branches and loops each visit asks by itself', () => {
    const graph = graphOf(
      {
        start: ['trigger.manual'],
        each: ['flow.forEach', { items: '{{ [1, 2] }}', concurrency: 2 }],
        ask: ['people.approval', { title: 'Pay {{ loop.item }}?', approvers: 'ada@example.com' }],
      },
      ['start > each', 'each.body > ask'],
    )
    const play = playOf(graph)
    play.now = start
    play.start(null)
    const open = Object.entries(play.state.open).filter(([, step]) => step.status === 'waiting')
    expect(open.length).toBeGreaterThan(0)
    const [first] = open
    if (first?.[1].status !== 'waiting' || first[1].asking === undefined) throw new Error('nobody is asked')
    const made = voteOf(outsider('ada'), 'approve', { contentHash: contentHash(first[1].asking.request.content) })
    play.turn({ type: 'voted', path: first[0], vote: made, involved: [] })
    expect(play.state.open).not.toHaveProperty([first[0]])
  })
})

describe('what is wrong with a draft', () => {
  const pathsOf = (params: JsonObject) => validateGraph(graphWith(params)).map(({ path }) => path)

  test.each<[JsonObject, string[]]>([
    [{}, []],
    [{ title: ' ' }, ['title']],
    [{ approvers: '' }, ['approvers']],
    [{ approvers: '', roles: ['admin'] }, []],
    [{ approvers: 'ada' }, ['approvers']],
    [{ approvers: '{{ trigger.data.boss }}' }, []],
    [{ atMost: 'soon' }, ['atMost']],
    [{ quorum: 'count', count: 3 }, ['count']],
    [{ escalateAfter: '1 day' }, ['escalateTo']],
    [{ signature: 'password' }, ['signature']],
  ])('%j: %j', (params, wrong) => {
    expect(pathsOf(params)).toEqual(wrong.map((name) => `nodes.1.params.${name}`))
  })
})
