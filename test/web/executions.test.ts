import { describe, expect, test } from 'vitest'
import { conditionOperators } from '#contract/facts/condition.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import { ExecutionId } from '#contract/id.ts'
import type { Execution, Step } from '#contract/execution.ts'
import { executionStatuses, isTerminal } from '#contract/facts/execution.ts'
import { adviceFor, answerIn, failureLine } from '#lib/executions/failure-words.ts'
import { canRetry, hasEnded } from '#lib/executions/has-ended.ts'
import { leftByHand } from '#lib/executions/left-by-hand.ts'
import { newerExecution } from '#lib/executions/newer-execution.ts'
import { parseLiveMessage } from '#lib/executions/parse-live-message.ts'
import { toReasons } from '#lib/executions/reasons.ts'
import { stepRows } from '#lib/executions/step-rows.ts'
import { whyStill } from '#lib/executions/why-still.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 10, 21, 10) + ms).toISOString()

function makeStep(step: Partial<Step> & { path: string }): Step {
  return {
    nodeId: step.path.split('#')[0]!,
    status: 'completed',
    attempt: 1,
    startedAt: at(0),
    finishedAt: at(1),
    ...step,
  }
}

function makeExecution(execution: Partial<Execution> = {}): Execution {
  return {
    id: 'exe_1',
    status: 'running',
    generation: 1,
    acceptedAt: at(0),
    steps: [],
    graph: {
      version: 1,
      nodes: [{ id: 'call', type: 'http.request', name: 'Call the shop', position: { x: 0, y: 0 }, params: {} }],
      edges: [],
    },
    ...execution,
  } as Execution
}

test('agrees with the contract on which statuses are the end', () => {
  expect(executionStatuses.map(hasEnded)).toEqual(executionStatuses.map(isTerminal))
})

test('offers a retry only where steps were left over', () => {
  expect(executionStatuses.filter(canRetry)).toEqual(['failed', 'cancelled', 'timed_out', 'skipped'])
})

describe('of two sights of one execution', () => {
  const begun = makeExecution({ steps: [makeStep({ path: 'call', status: 'running', finishedAt: undefined })] })
  const retried = makeExecution({
    steps: [makeStep({ path: 'call', status: 'running', attempt: 2, finishedAt: undefined })],
  })
  const done = makeExecution({ status: 'completed', steps: [makeStep({ path: 'call' })] })
  const redriven = makeExecution({ generation: 2, steps: [] })
  const story = [makeExecution(), begun, retried, done, redriven]

  test('the one further on holds, whichever came first', () => {
    for (const [index, earlier] of story.entries()) {
      for (const later of story.slice(index + 1)) {
        expect(newerExecution(earlier, later)).toBe(later)
        expect(newerExecution(later, earlier)).toBe(later)
      }
    }
  })

  test('the later of two alike holds', () => {
    const again = { ...begun }
    expect(newerExecution(begun, again)).toBe(again)
  })

  test('another execution takes the place of the one before', () => {
    const other = makeExecution({ id: ExecutionId.parse('exe_01jd4x8m3w5q7r9t1v3x5z7b9d') })
    expect(newerExecution(done, other)).toBe(other)
    expect(newerExecution(undefined, other)).toBe(other)
  })
})

test('reads the messages of the socket, and no others', () => {
  expect(parseLiveMessage('{"v":1,"type":"pending"}')).toEqual({ v: 1, type: 'pending' })
  expect(() => parseLiveMessage('{"v":2,"type":"execution"}')).toThrow('no message')
  expect(() => parseLiveMessage('{"v":1,"type":"presence"}')).toThrow('no message')
  expect(() => parseLiveMessage('null')).toThrow('no message')
})

describe('why a step took its way', () => {
  test('is told with the value that was seen', () => {
    const because = [
      { path: [0], field: 'trigger.body.total', operator: '>', actual: 42, found: true, expected: 50, result: false },
      {
        path: [1],
        field: 'trigger.body.vip',
        operator: 'exists',
        actual: null,
        found: false,
        expected: null,
        result: false,
      },
      {
        path: [2],
        field: 'vars.country',
        operator: 'in',
        actual: 'NL',
        found: true,
        expected: ['NL', 'BE'],
        result: true,
      },
    ]
    expect(toReasons(because)).toEqual([
      { subject: 'trigger.body.total', claim: 'is more than 50', seen: '42', holds: false },
      { subject: 'trigger.body.vip', claim: 'is there', seen: 'missing', holds: false },
      { subject: 'vars.country', claim: 'is one of ["NL","BE"]', seen: '“NL”', holds: true },
    ])
  })

  test('has words for every comparison there is', () => {
    for (const operator of conditionOperators) {
      const [reason] = toReasons([{ field: 'x', operator, actual: 1, found: true, expected: 2, result: true }]) ?? []
      expect(reason?.claim, operator).toMatch(/^[a-z]/)
    }
  })

  test('is left as it is when it is of another shape', () => {
    expect(toReasons(undefined)).toBeUndefined()
    expect(toReasons([])).toBeUndefined()
    expect(toReasons({ field: 'x' })).toBeUndefined()
    expect(toReasons([{ field: 'x', operator: 'sounds_like', result: true }])).toBeUndefined()
  })
})

describe('the list of steps', () => {
  test('puts them on the time of the whole', () => {
    const steps = [
      makeStep({ path: 'call', startedAt: at(100), finishedAt: at(300) }),
      makeStep({ path: 'call#2', startedAt: at(300), finishedAt: undefined, status: 'running' }),
      makeStep({ path: 'gone', startedAt: at(300), finishedAt: at(300) }),
    ]
    expect(stepRows(makeExecution({ steps }), Date.parse(at(500)))).toEqual([
      {
        step: steps[0],
        name: 'Call the shop',
        nodeType: 'http.request',
        depth: 0,
        start: 0,
        end: 0.5,
        durationMs: 200,
      },
      {
        step: steps[1],
        name: 'Call the shop',
        nodeType: 'http.request',
        visit: 'visit 2',
        depth: 0,
        start: 0.5,
        end: 1,
        durationMs: 200,
      },
      { step: steps[2], name: 'gone', nodeType: '', depth: 0, start: 0.5, end: 0.5, durationMs: 0 },
    ])
  })

  test('says which iteration a step belongs to, in loops within loops too', () => {
    const paths = ['call', 'call#2', 'rows[0].call', 'rows[1].call#2', 'rows[1].cells[11].call']
    const steps = paths.map((path) => makeStep({ path, nodeId: 'call' }))
    expect(stepRows(makeExecution({ steps }), 0).map(({ visit, depth }) => [visit, depth])).toEqual([
      [undefined, 0],
      ['visit 2', 0],
      ['iteration 1', 1],
      ['iteration 2, visit 2', 1],
      ['iteration 2.12', 2],
    ])
  })

  test('is empty for an execution without steps', () => {
    expect(stepRows(makeExecution(), 0)).toEqual([])
  })
})

describe('why it is not over', () => {
  test('a retry says what failed and when it goes on', () => {
    const steps = [
      makeStep({
        path: 'call',
        status: 'retrying',
        attempt: 2,
        finishedAt: undefined,
        dueAt: at(4_000),
        failures: [{ attempt: 2, at: at(1), failure: { kind: 'retryable', code: 'x', message: 'It said 503.' } }],
      }),
    ]
    expect(whyStill(makeExecution({ status: 'waiting', steps }))).toEqual({
      title: '“Call the shop” is tried again',
      detail: 'Try 2 failed: It said 503.',
      until: at(4_000),
    })
  })

  test('one that waits for an event says for which', () => {
    const steps = [
      makeStep({ path: 'call', status: 'waiting', finishedAt: undefined, dueAt: at(2_000), waitsFor: 'order.*' }),
    ]
    expect(whyStill(makeExecution({ status: 'waiting', steps }))).toMatchObject({
      title: '“Call the shop” waits for order.*',
      until: at(2_000),
      otherwise: 'Without one it goes on',
    })
  })

  test('one that waits for a decision says where that is made, and what comes without one', () => {
    const execution = makeExecution({
      status: 'waiting',
      steps: [makeStep({ path: 'ask', status: 'waiting', finishedAt: undefined, dueAt: at(2_000) })],
    })
    const asking = (params: JsonObject) => {
      const node = { id: 'ask', type: 'people.approval', name: 'Ask', position: { x: 0, y: 0 }, params }
      return whyStill({ ...execution, graph: { ...execution.graph, nodes: [node] } })
    }
    expect(asking({})).toMatchObject({
      title: '“Ask” waits for a decision',
      otherwise: 'Without a decision it expires',
      href: '/approvals',
    })
    expect(asking({ atDeadline: 'approved' })?.otherwise).toBe('Without a decision it counts as approved')
  })

  test('one that is queued says which it is, and what for', () => {
    const queue = { gate: 'concurrency', key: 'acme', position: 2, waiting: 5, running: 1, limit: 1 } as const
    expect(whyStill(makeExecution({ status: 'queued', queue }))).toEqual({
      title: 'Queued: number 2 of 5',
      detail: '1 of at most 1 under way for “acme”. It starts when it is its turn and there is room.',
    })
    const next = { gate: 'throttle', position: 1, waiting: 3, limit: 2, nextAt: at(9_000) } as const
    expect(whyStill(makeExecution({ status: 'queued', queue: next }))).toMatchObject({
      title: 'Queued: next of 3',
      until: at(9_000),
    })
    const all = { gate: 'organization', position: 3, waiting: 9, running: 4, limit: 4 } as const
    expect(whyStill(makeExecution({ status: 'queued', queue: all }))).toEqual({
      title: 'Queued: number 3 of 9',
      detail: '4 of at most 4 under way in the organization. Its workflows take turns.',
    })
    const busy = { gate: 'installation', position: 1, waiting: 1 } as const
    expect(whyStill(makeExecution({ status: 'queued', queue: busy }))?.detail).toMatch(/installation is busy/)
    expect(whyStill(makeExecution({ status: 'queued', queue: { gate: 'debounce' } }))?.title).toMatch(/later events/)
    expect(whyStill(makeExecution({ status: 'queued' }))?.title).toBe('Queued')
  })

  test('of several waits the first to end is named', () => {
    const steps = [
      makeStep({ path: 'later', status: 'waiting', finishedAt: undefined, dueAt: at(9_000) }),
      makeStep({ path: 'call', status: 'waiting', finishedAt: undefined, dueAt: at(2_000) }),
    ]
    expect(whyStill(makeExecution({ status: 'waiting', steps }))?.until).toBe(at(2_000))
  })

  test('one at work or over needs no explanation', () => {
    expect(whyStill(makeExecution())).toBeUndefined()
  })

  test('names what a call is held back by', () => {
    const deferred = { code: 'outbound.circuit_open', message: 'Calls to api.example.com are held back.' }
    const steps = [makeStep({ path: 'send', nodeId: 'send', status: 'waiting', dueAt: at(2_000), deferred })]
    expect(whyStill(makeExecution({ status: 'waiting', steps }))).toEqual({
      title: expect.stringContaining('is held back') as string,
      detail: deferred.message,
      until: at(2_000),
    })
    expect(whyStill(makeExecution({ status: 'completed' }))).toBeUndefined()
  })
})

test('a failure comes with advice by its code, or by its kind', () => {
  expect(adviceFor({ kind: 'terminal', code: 'expression.syntax', message: '' })).toMatch(/mend the expression/)
  expect(adviceFor({ kind: 'terminal', code: 'egress.refused_address', message: '' })).toMatch(/public addresses/)
  expect(adviceFor({ kind: 'unknown', code: 'new.code', message: '' })).toMatch(/may have happened/)
  expect(adviceFor({ kind: 'terminal', code: 'slack.no_channel', message: '' })).toBeUndefined()
  const broken = { kind: 'unknown', code: 'egress.unreachable', message: '', sent: 'unknown' } as const
  expect(adviceFor(broken)).toMatch(/may have happened.*Check that the address/)
  expect(adviceFor({ ...broken, kind: 'retryable', sent: 'no' })).not.toMatch(/may have happened/)
})

describe('of a call that was refused', () => {
  const refused = (body: Json) =>
    ({
      kind: 'terminal',
      code: 'http.unexpected_status',
      message: 'The answer was 422.',
      details: { status: 422, body },
    }) as const

  test('the answer is data where it is JSON, else text', () => {
    expect(answerIn(refused({ error: 'no e-mail' }))).toEqual({ error: 'no e-mail' })
    expect(answerIn(refused(false))).toBe(false)
    expect(answerIn(refused(null))).toBeUndefined()
    expect(failureLine(refused({ error: 'no e-mail' }))).toBe('The answer was 422. {"error":"no e-mail"}')
  })

  test('that an earlier release kept is read as data where it is, else as text', () => {
    expect(answerIn(refused('{"error":"no e-mail"}'))).toEqual({ error: 'no e-mail' })
    expect(answerIn(refused('{"error":"cut o'))).toBe('{"error":"cut o')
    expect(answerIn(refused(' '))).toBeUndefined()
    expect(
      answerIn({ kind: 'terminal', code: 'params.invalid', message: '', details: { param: 'url' } }),
    ).toBeUndefined()
  })

  test('a line says what the other side said, shortly and without markup', () => {
    expect(failureLine(refused('{ "error":\n "no e-mail" }'))).toBe('The answer was 422. {"error":"no e-mail"}')
    expect(failureLine(refused('<html><head><title>Bad\n Gateway</title></head><body>…'))).toBe(
      'The answer was 422. Bad Gateway',
    )
    expect(failureLine(refused('<p>no title</p>'))).toBe('The answer was 422.')
    expect(failureLine(refused('x'.repeat(500)))).toBe(`The answer was 422. ${'x'.repeat(160)}…`)
    expect(failureLine({ kind: 'timedOut', code: 'step.timed_out', message: 'Too slow.', timeoutMs: 1 })).toBe(
      'Too slow.',
    )
  })
})

test('says of a step that somebody left what they did, and of no other', () => {
  const { graph } = makeExecution()
  const said = (because: Step['because'], status: Step['status'] = 'skipped') =>
    leftByHand(makeStep({ path: 'a', status, because }), graph)
  expect(said({ skippedBy: 'usr_ada' })).toBe('Somebody skipped it: what came in went on.')
  expect(said({ jumpedTo: 'call', by: 'usr_ada' })).toMatch('at “Call the shop” instead')
  expect(said({ jumps: 3, limit: 5 }, 'completed')).toBeUndefined()
  expect(said([{ field: 'a', operator: 'is', result: false }])).toBeUndefined()
})
