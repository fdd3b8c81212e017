import { describe, expect, test } from 'vitest'
import type { Graph } from '../../worker/contract/graph.ts'
import { WorkflowId } from '../../worker/contract/id.ts'
import type { Json } from '../../worker/contract/json.ts'
import type { PretendStep } from '../../worker/contract/workflow-test.ts'
import { testLimits } from '../../worker/contract/facts/workflow-test.ts'
import type { Heard } from '../../worker/engine/behaviour.ts'
import type { Invocation } from '../../worker/engine/effect.ts'
import { project } from '../../worker/engine/projection.ts'
import { toHeard } from '../../worker/simulate/bring-events.ts'
import { actorsOf } from '../../worker/usecases/test/actors.ts'
import { playTest, type RealWorld } from '../../worker/usecases/test/play-test.ts'
import { drawn, ifEqual, send, setupOf, startAt, wait } from '../simulate/support.ts'

interface Options {
  steps?: Record<string, PretendStep>
  real?: string[]
  stopAt?: string
  waitMs?: number
  events?: Heard[]
  input?: Json
  world?: Partial<RealWorld>
  limits?: Partial<Record<keyof typeof testLimits, number>>
}

/** A real world in which a call takes a second and nobody sleeps. */
class World implements RealWorld {
  readonly called: string[] = []
  readonly slept: number[] = []
  now = 1_000

  clock() {
    return this.now
  }

  async sleep(ms: number) {
    this.slept.push(ms)
    this.now += ms
  }

  async perform({ node }: Invocation) {
    this.called.push(node)
    this.now += 1_000
    return { ok: true as const, outcome: { output: { body: `from ${node}` }, port: 'out' } }
  }
}

async function play(graph: Graph, options: Options = {}) {
  const {
    steps = {},
    real = [],
    stopAt,
    waitMs = 0,
    events = [],
    input = null,
    world: parts = {},
    limits = {},
  } = options
  const { plan } = setupOf(graph, {})
  const world = Object.assign(new World(), parts)
  const played = await playTest(
    {
      plan,
      executionId: 'tst_1',
      start: { trigger: { nodeId: graph.nodes[0]!.id, kind: 'manual', data: { type: 'manual', data: input } } },
      startAt,
      actors: actorsOf(graph, plan),
      steps,
      real: new Set(real),
      stopAt,
      waitMs,
      events,
    },
    world,
    { ...testLimits, ...limits },
  )
  return { ...played, view: project(played.entries), world }
}

const pathOf = ({ view }: Awaited<ReturnType<typeof play>>) => view.steps.map(({ path }) => path)

//  start ─► mail ─► rest ─► ok? ─true──► thank
//                            └─false─► sorry
const mailing = drawn(
  {
    start: ['trigger.manual'],
    mail: send,
    rest: wait('3 days'),
    ok: ifEqual('steps.mail.body.ok', true),
    thank: send,
    sorry: send,
  },
  ['start > mail', 'mail > rest', 'rest > ok', 'ok.true > thank', 'ok.false > sorry'],
)

describe('a test', () => {
  test('pretends every call with the example of its type, and lets waits pass at once', async () => {
    const played = await play(mailing)
    expect(pathOf(played)).toEqual(['start', 'mail', 'rest', 'ok', 'thank'])
    expect(played.view).toMatchObject({ status: 'completed', durationMs: 3 * 86_400_000 })
    expect(played.view.steps.map(({ startedAt }) => startedAt.slice(0, 10))).toEqual([
      '2026-06-01',
      '2026-06-01',
      '2026-06-01',
      '2026-06-04',
      '2026-06-04',
    ])
    expect(played.calls).toEqual({ real: 0, pretend: 2 })
    expect([played.world.called, played.world.slept]).toEqual([[], []])
  })

  test('gives what it was told to give, and goes where that leads', async () => {
    const played = await play(mailing, { steps: { mail: { output: { body: { ok: false } } } } })
    expect(pathOf(played)).toEqual(['start', 'mail', 'rest', 'ok', 'sorry'])
  })

  test('a step that only computes can be told what to give, or where to go, too', async () => {
    const forced = await play(mailing, { steps: { ok: { port: 'false' } } })
    expect(pathOf(forced).at(-1)).toBe('sorry')
    const pinned = await play(mailing, { steps: { ok: { output: { pinned: 1 }, port: 'true' } } })
    expect(pinned.view.steps.find(({ nodeId }) => nodeId === 'ok')).toMatchObject({
      output: { pinned: 1 },
      port: 'true',
    })
    const failing = await play(mailing, { steps: { ok: { failure: { kind: 'terminal', code: 'x', message: 'X.' } } } })
    expect(failing.view).toMatchObject({ status: 'failed', failure: { code: 'x' } })
  })

  test('a step fails so often, is tried again on the test’s clock, and succeeds', async () => {
    const failure = { kind: 'retryable' as const, code: 'http.503', message: 'Busy.' }
    const played = await play(mailing, { steps: { mail: { failure, failTimes: 2, durationMs: 500 } } })
    const mail = played.view.steps.find(({ nodeId }) => nodeId === 'mail')
    expect(mail).toMatchObject({ status: 'completed', attempt: 3, failures: [{ attempt: 1 }, { attempt: 2 }] })
    expect(played.calls.pretend).toBe(4)
    const lastly = await play(mailing, { steps: { mail: { failure } } })
    expect(lastly.view).toMatchObject({ status: 'failed', failure: { code: 'http.503' } })
    expect(lastly.calls.pretend).toBe(4)
  })

  test('really calls the steps that were named, and no others', async () => {
    const played = await play(mailing, { real: ['thank'] })
    expect(played.world.called).toEqual(['thank'])
    expect(played.calls).toEqual({ real: 1, pretend: 1 })
    expect(played.view.steps.at(-1)).toMatchObject({ nodeId: 'thank', output: { body: 'from thank' } })
    // The call took a second, and so it did on the test's clock.
    expect(played.view.durationMs).toBe(3 * 86_400_000 + 1_000)
  })

  test('a real failure is tried again as the node’s settings say', async () => {
    let tries = 0
    const perform: RealWorld['perform'] = async () => {
      tries += 1
      if (tries < 3) return { ok: false, failure: { kind: 'retryable', code: 'http.500', message: 'Down.' } }
      return { ok: true, outcome: { output: 'there', port: 'out' } }
    }
    const played = await play(mailing, { real: ['mail'], world: { perform } })
    expect([tries, played.view.steps[1]?.attempt, played.view.steps[1]?.output]).toEqual([3, 3, 'there'])
  })

  test('calls that are wanted at once are made at once, and the first to answer is the first', async () => {
    //  start ─► both ─a─► slow
    //             └─b─► fast
    const racing = drawn(
      {
        start: ['trigger.manual'],
        both: [
          'flow.parallel',
          {
            branches: [
              { port: 'a', label: 'A' },
              { port: 'b', label: 'B' },
            ],
            waitMode: 'any',
          },
        ],
        slow: send,
        fast: send,
        last: ['flow.end'],
      },
      ['start > both', 'both.a > slow', 'both.b > fast', 'both.done > last'],
    )
    let now = 0
    const began: string[] = []
    const perform: RealWorld['perform'] = async ({ node }) => {
      began.push(node)
      await Promise.resolve()
      if (node === 'slow') await new Promise((resolve) => setTimeout(resolve, 5))
      now += 100
      return { ok: true, outcome: { output: node, port: 'out' } }
    }
    const played = await play(racing, { real: ['slow', 'fast'], world: { perform, clock: () => now } })
    expect(began).toEqual(['slow', 'fast'])
    const status = Object.fromEntries(played.view.steps.map((step) => [step.nodeId, step.status]))
    expect(status).toMatchObject({ fast: 'completed', slow: 'cancelled', last: 'completed' })
  })

  test('stops after a step, and nothing that follows it has begun', async () => {
    const played = await play(mailing, { stopAt: 'rest' })
    expect(pathOf(played)).toEqual(['start', 'mail', 'rest'])
    expect(played.stopped).toMatchObject({ by: 'node', code: 'test.stopped' })
    const never = await play(mailing, { stopAt: 'sorry' })
    expect([pathOf(never).at(-1), never.stopped]).toEqual(['thank', undefined])
  })

  test('what goes on inside a step at which it stops still goes on', async () => {
    const graph = drawn(
      { start: ['trigger.manual'], each: ['flow.forEach', { items: '{{ [1, 2] }}' }], mail: send, after: send },
      ['start > each', 'each.body > mail', 'each.done > after'],
    )
    const played = await play(graph, { stopAt: 'each' })
    expect(pathOf(played).toSorted()).toEqual(['each', 'each[0].mail', 'each[1].mail', 'start'])
  })

  test('waits are really waited for when that is asked, and no longer than that', async () => {
    const played = await play(mailing, { waitMs: 2_000 })
    expect(played.world.slept).toEqual([2_000])
    expect(played.view.durationMs).toBe(3 * 86_400_000)
  })
})

test('a workflow that a step calls is pretended, and can be told what to give', async () => {
  const graph = drawn(
    {
      start: ['trigger.manual'],
      score: ['flow.call', { workflow: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d' }],
      good: ifEqual('steps.score.points', 7),
    },
    ['start > score', 'score.done > good'],
  )
  const given = await play(graph, { steps: { score: { output: { points: 7 }, durationMs: 60_000 } } })
  expect(given.view.steps.map(({ nodeId, port }) => `${nodeId} ${port}`)).toEqual([
    'start out',
    'score done',
    'good true',
  ])
  expect([given.view.durationMs, given.calls]).toEqual([60_000, { real: 0, pretend: 1 }])
  const failing = await play(graph, { steps: { score: { failure: { kind: 'terminal', code: 'x', message: 'X.' } } } })
  expect([failing.view.status, failing.view.steps.at(-1)?.nodeId]).toEqual(['failed', 'score'])
  expect((await play(graph)).view.steps[1]?.output).toEqual({ ok: true })
})

test('a step that waits for an event hears of those that come, and only of those', async () => {
  const graph = drawn(
    {
      start: ['trigger.manual'],
      reply: [
        'flow.waitForEvent',
        {
          eventType: 'mail.*',
          of: 'anyone',
          atMost: '2 days',
          conditions: { operator: 'AND', conditions: [{ field: 'event.data.n', operator: '>', value: 1 }] },
        },
      ],
      thank: send,
      remind: send,
    },
    ['start > reply', 'reply > thank', 'reply.timeout > remind'],
  )
  const hourMs = 3_600_000
  const events = [
    toHeard('mail.replied', startAt + hourMs, 'e1', { n: 1 }),
    toHeard('other', startAt + 2 * hourMs, 'e2', { n: 9 }),
    toHeard('mail.replied', startAt + 5 * hourMs, 'e3', { n: 2 }),
  ]
  const heard = await play(graph, { events })
  expect([pathOf(heard), heard.view.durationMs]).toEqual([['start', 'reply', 'thank'], 5 * hourMs])
  const nothing = await play(graph, { events: events.slice(0, 2) })
  expect([pathOf(nothing), nothing.view.durationMs]).toEqual([['start', 'reply', 'remind'], 48 * hourMs])
  const late = await play(graph, { events: [toHeard('mail.replied', startAt + 49 * hourMs, 'e4', { n: 5 })] })
  expect(pathOf(late)).toEqual(['start', 'reply', 'remind'])
  const told = await play(graph, { steps: { reply: { output: { event: null }, port: 'timeout' } } })
  expect([pathOf(told), told.view.durationMs]).toEqual([['start', 'reply', 'remind'], 0])
})

describe('a test that does not end by itself', () => {
  const ring = drawn({ start: ['trigger.manual'], rest: wait('1 hour'), mail: send }, [
    'start > rest',
    'rest > mail',
    'mail > rest',
  ])

  test('is ended by the engine’s own limit, and says so', async () => {
    const { view } = await play(ring)
    expect(view).toMatchObject({ status: 'failed', failure: { code: 'execution.too_many_steps' } })
    expect(view.steps).toHaveLength(10_000)
  })

  test('ends at its number of turns, at its size, and at its real time', async () => {
    expect((await play(ring, { limits: { turns: 20 } })).stopped).toMatchObject({ by: 'limit', code: 'test.turns' })
    expect((await play(ring, { limits: { journalCharacters: 5_000 } })).stopped).toMatchObject({ code: 'test.size' })
    const late = await play(ring, { real: ['mail'], limits: { realMs: 3_500 } })
    expect([late.stopped?.code, late.calls.real]).toEqual(['test.out_of_time', 4])
    const slow = await play(ring, { waitMs: 1_000, limits: { realMs: 2_500 } })
    expect([slow.stopped?.code, slow.world.slept]).toEqual(['test.out_of_time', [1_000, 1_000, 500]])
  })

  test('a real call that hangs is cut off with the test’s time', async () => {
    const perform: RealWorld['perform'] = (_, cancelled) =>
      new Promise((resolve) =>
        cancelled.addEventListener('abort', () =>
          resolve({ ok: false, failure: { kind: 'unknown', code: 'attempt.cancelled', message: 'Cut off.' } }),
        ),
      )
    // This call never ends by itself.
    const played = await play(mailing, { real: ['mail'], limits: { realMs: 50 }, world: { perform, clock: Date.now } })
    expect(played.stopped?.code).toBe('test.out_of_time')
  })
})

describe('a test of what fails', () => {
  const failure = { kind: 'terminal' as const, code: 'http.422', message: 'No.' }
  const booking = (more: Parameters<typeof drawn>[0] = {}, ways: string[] = []) =>
    drawn({ start: ['trigger.manual'], book: [...send, { undo: true }], ship: send, cancel: send, ...more }, [
      'start > book',
      'book.out > ship',
      'book.undo > cancel',
      ...ways,
    ])

  test('undoes what it pretended to do, and has its error handler pretend too', async () => {
    const graph = booking({ oops: ['trigger.failure'], tell: send }, ['oops.out > tell'])
    const played = await play(graph, { steps: { ship: { failure } } })
    expect(pathOf(played)).toEqual(['start', 'book', 'ship', 'cancel', 'oops', 'tell'])
    expect(played.view).toMatchObject({
      status: 'failed',
      failure,
      aftermath: { rollback: [{ path: 'book', status: 'undone' }], handler: { nodeId: 'oops', status: 'completed' } },
    })
    expect(played.calls).toEqual({ real: 0, pretend: 4 })
  })

  test('pretends the workflow that handles the failure', async () => {
    const graph = booking()
    const played = await play(
      { ...graph, settings: { errorHandler: { workflowId: WorkflowId.parse('wf_01jd4x8m3w5q7r9t1v3x5z7b9d') } } },
      { steps: { ship: { failure } } },
    )
    expect(played.view).toMatchObject({
      status: 'failed',
      aftermath: { handler: { nodeId: '$failure', status: 'completed' } },
    })
  })
})
