import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TooLarge } from '../../worker/simulate/simulate.ts'
import {
  counts,
  dayMs,
  drawn,
  hourMs,
  ifEqual,
  journey,
  journeyRequest,
  nodeOf,
  played,
  send,
  startAt,
  wait,
} from './support.ts'

const at = (iso: string | undefined) => Date.parse(iso ?? '') - startAt

describe('a simulation', () => {
  test('takes a thousand contacts through a journey of thirty days, and every one of them comes out', () => {
    const simulation = played(journey(), journeyRequest)
    expect(simulation.contacts).toBe(1_000)
    expect(simulation.outcomes).toEqual({
      completed: 1_000,
      completedWithErrors: 0,
      failed: 0,
      cancelled: 0,
      timedOut: 0,
      underWay: 0,
    })
    expect(simulation.steps).toBe(9_000)
    const { 'read.true > offer': offered = 0, 'read.false > remind': reminded = 0, ...rest } = counts(simulation)
    expect(offered + reminded).toBe(1_000)
    expect(new Set(Object.values(rest))).toEqual(new Set([1_000, offered, reminded]))
    expect(simulation.events).toMatchObject([{ name: 'mail.opened', count: offered }])
    expect(offered).toBeGreaterThan(250)
    expect(offered).toBeLessThan(350)
  })

  test('gives the same for the same request, and something else for another seed', () => {
    const once = played(journey(), journeyRequest)
    expect(played(journey(), journeyRequest)).toEqual(once)
    const other = played(journey(), { ...journeyRequest, seed: '2' })
    expect(counts(other)).not.toEqual(counts(once))
  })

  test('expressions read the sample as the live contact', () => {
    const graph = drawn(
      {
        start: ['trigger.manual'],
        rest: wait('1 day'),
        check: ifEqual('contact.plan', 'paid'),
        yes: ['flow.end'],
        no: ['flow.end'],
      },
      ['start > rest', 'rest > check', 'check.true > yes', 'check.false > no'],
    )
    const simulation = played(graph, { contacts: 4, samples: [{ plan: 'paid' }, { plan: 'free' }, { plan: 'free' }] })
    expect(counts(simulation)).toMatchObject({ 'check.true > yes': 2, 'check.false > no': 2 })
  })

  test('a contact does the same whoever else there is', () => {
    const fields = { n: { between: [0, 1_000_000] } }
    const graph = drawn({ start: ['trigger.manual'], mail: send, rest: wait('1 day') }, ['start > mail', 'mail > rest'])
    const nodes = { mail: { failureRate: 0.5, durationMs: [0, 10_000] } }
    const few = played(graph, { contacts: 40, fields, nodes })
    const many = played(graph, {
      contacts: 80,
      fields,
      nodes,
      arrivals: { pattern: 'times', hours: Array.from({ length: 80 }, (_, n) => (n < 40 ? 0 : 29 * 24)) },
    })
    // The second forty come too late to end, so what ended is what ended among the first forty.
    expect(many.durationMs?.max).toBe(few.durationMs?.max)
    expect(many.contacts).toBe(80)
  })

  test('does not look beyond its end', () => {
    const graph = drawn({ start: ['trigger.manual'], rest: wait('3 days'), late: send }, [
      'start > rest',
      'rest > late',
    ])
    const simulation = played(graph, { contacts: 10, days: 10, arrivals: { pattern: 'even' } })
    expect(simulation.outcomes).toMatchObject({ completed: 7, underWay: 3 })
    expect(nodeOf(simulation, 'rest')).toMatchObject({ steps: 10, completed: 7, waiting: 3 })
    expect(nodeOf(simulation, 'late')).toMatchObject({ steps: 7, completed: 7, waiting: 0 })
    expect(at(nodeOf(simulation, 'late').lastAt)).toBeLessThan(10 * dayMs)
  })

  test('calls fail as often as they are told, are tried again, and are counted by code', () => {
    const graph = drawn({ start: ['trigger.manual'], mail: send }, ['start > mail'])
    const simulation = played(graph, { contacts: 2_000, nodes: { mail: { failureRate: 0.3 } } })
    const mail = nodeOf(simulation, 'mail')
    const [failure] = simulation.failures
    expect(failure).toMatchObject({ nodeId: 'mail', code: 'pretend.failed', final: mail.failed })
    // Four calls each fail together in 0.3⁴ of all cases: 16 of 2,000.
    expect(mail.failed).toBeGreaterThan(2)
    expect(mail.failed).toBeLessThan(40)
    expect(mail.attempts).toBe(2_000 + failure!.attempts - mail.failed)
    expect(simulation.outcomes).toMatchObject({ failed: mail.failed, completed: 2_000 - mail.failed })
    expect(mail.durationMs?.max).toBeGreaterThan(7_000)
  })

  test('what a step gives is drawn by its shares, and what is left gives the example', () => {
    const graph = drawn({ start: ['trigger.manual'], ask: send, yes: ifEqual('steps.ask.body.ok', true) }, [
      'start > ask',
      'ask > yes',
    ])
    const refused = { kind: 'terminal', code: 'refused', message: 'No.' }
    const outcomes = [
      { share: 0.2, output: { body: { ok: false } } },
      { share: 0.1, failure: refused },
    ]
    const simulation = played(graph, { contacts: 5_000, nodes: { ask: { outcomes } } })
    const { true: yes = 0, false: no = 0 } = nodeOf(simulation, 'yes').ports
    expect(Math.abs(yes / 5_000 - 0.7)).toBeLessThan(0.03)
    expect(Math.abs(no / 5_000 - 0.2)).toBeLessThan(0.03)
    expect(simulation.failures).toMatchObject([{ code: 'refused', final: 5_000 - yes - no }])
  })

  test('a call that takes longer than it may is cut off', () => {
    const graph = drawn(
      { start: ['trigger.manual'], slow: [send[0], send[1], { timeoutMs: 1_000, retry: { maxRetries: 1 } }] },
      ['start > slow'],
    )
    const simulation = played(graph, { contacts: 5, nodes: { slow: { durationMs: [2_000, 2_000] } } })
    expect(simulation.failures).toMatchObject([{ nodeId: 'slow', code: 'attempt.timed_out', attempts: 10, final: 5 }])
  })

  test('messages and calls are counted for each contact', () => {
    const graph = drawn({ start: ['trigger.manual'], vip: ifEqual('trigger.data.vip', true), one: send, two: send }, [
      'start > vip',
      'vip.true > one',
      'one > two',
    ])
    const simulation = played(
      graph,
      { contacts: 100, samples: [{ vip: true }, { vip: false }] },
      { messageNodes: new Set(['two']) },
    )
    expect(simulation.perContact).toMatchObject({
      calls: { min: 0, mean: 1, max: 2 },
      messages: { min: 0, mean: 0.5, max: 1 },
      steps: { min: 2, mean: 3, max: 4 },
    })
  })

  test('branches, loops and merges are passed as often as they are', () => {
    //  start ─► each ─item──► mail
    //             └─done──► both ─a──► left ─┐
    //                         └─b──► right   done ─► end
    const graph = drawn(
      {
        start: ['trigger.manual'],
        each: ['flow.forEach', { items: '{{ [1, 2, 3] }}' }],
        mail: send,
        both: [
          'flow.parallel',
          {
            branches: [
              { port: 'a', label: 'A' },
              { port: 'b', label: 'B' },
            ],
          },
        ],
        left: send,
        right: ['data.set', { fields: [{ name: 'x', value: '1' }] }],
        last: ['flow.end'],
      },
      ['start > each', 'each.body > mail', 'each.done > both', 'both.a > left', 'both.b > right', 'both.done > last'],
    )
    const simulation = played(graph, { contacts: 20 })
    expect(simulation.failures).toEqual([])
    expect(counts(simulation)).toEqual({
      'start > each': 20,
      'each.body > mail': 60,
      'each.done > both': 20,
      'both.a > left': 20,
      'both.b > right': 20,
      'both.done > last': 20,
    })
    expect(simulation.edges.find(({ edgeId }) => edgeId === 'each.body > mail')?.contacts).toBe(20)
    expect(simulation.outcomes.completed).toBe(20)
  })
})

test('a workflow that is called gives what its model says, and is not executed', () => {
  const graph = drawn(
    {
      start: ['trigger.manual'],
      score: ['flow.call', { workflow: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', errorHandling: 'catch', timeout: '1 hour' }],
      good: ifEqual('steps.score.points', 7),
      tell: ['flow.call', { workflow: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', wait: false }],
    },
    ['start > score', 'score.done > good', 'score.failed > tell'],
  )
  const outcomes = [{ share: 0.5, output: { points: 7 } }]
  const failure = { kind: 'terminal', code: 'x', message: 'X.' }
  const nodes = { score: { outcomes, failureRate: 0.2, failure, durationMs: [5_000, 5_000] } }
  const simulation = played(graph, { contacts: 500, nodes })
  const { done = 0, failed = 0 } = nodeOf(simulation, 'score').ports
  expect([done + failed, nodeOf(simulation, 'tell').completed]).toEqual([500, failed])
  expect(Math.abs(failed - 100)).toBeLessThan(30)
  const good = nodeOf(simulation, 'good').ports
  expect(Math.abs((good['true'] ?? 0) - done / 2)).toBeLessThan(30)
  expect(nodeOf(simulation, 'score').durationMs).toMatchObject({ min: 5_000, max: 5_000 })
  // Half of them take longer than they may.
  const slow = played(graph, { contacts: 500, nodes: { score: { durationMs: [0, 2 * hourMs] } } })
  expect(Math.abs((nodeOf(slow, 'score').ports['failed'] ?? 0) - 250)).toBeLessThan(50)
  expect(slow.outcomes.completed).toBe(500)
})

test('who does something in time goes on by it, and the others when their time is up', () => {
  const graph = drawn(
    {
      start: ['trigger.manual'],
      mail: send,
      opened: ['flow.waitForEvent', { eventType: 'mail.opened', of: 'anyone', atMost: '2 days' }],
      offer: send,
      remind: send,
    },
    ['start > mail', 'mail > opened', 'opened > offer', 'opened.timeout > remind'],
  )
  const event = { name: 'mail.opened', after: 'mail', probability: 0.3, withinHours: 47 }
  const simulation = played(graph, { contacts: 1_000, events: [event] })
  const [{ count } = { count: 0 }] = simulation.events
  expect(nodeOf(simulation, 'offer').completed).toBe(count)
  expect(nodeOf(simulation, 'remind').completed).toBe(1_000 - count)
  expect(Math.abs(count - 300)).toBeLessThan(60)
  expect(nodeOf(simulation, 'opened').durationMs).toMatchObject({ max: 48 * hourMs })
  expect(at(nodeOf(simulation, 'offer').lastAt)).toBeLessThan(48 * hourMs)
  // Twice as slow, about half of those come too late.
  const slow = played(graph, { contacts: 1_000, events: [{ ...event, withinHours: 96 }] })
  expect(Math.abs(nodeOf(slow, 'offer').completed - 150)).toBeLessThan(50)
})

describe('a workflow that never ends', () => {
  //  start ─► rest ─► again ─┐
  //             ▲            │
  //             └────────────┘
  const ring = drawn({ start: ['trigger.manual'], rest: wait('1 minute'), again: send }, [
    'start > rest',
    'rest > again',
    'again > rest',
  ])

  test('is ended by the engine, and that is counted as the failure it is', () => {
    const simulation = played(ring, { contacts: 3, days: 30 })
    expect(simulation.outcomes).toMatchObject({ failed: 3 })
    expect(simulation.failures).toMatchObject([{ code: 'execution.too_many_steps', final: 3, contacts: 3 }])
    expect(simulation.failures[0]).not.toHaveProperty('nodeId')
  })

  test('ends the simulation when there are too many of it, and says how far it came', () => {
    const run = () => played(ring, { contacts: 3 }, { limits: { steps: 200, bytes: 1e9 } })
    expect(run).toThrow(TooLarge)
    try {
      run()
    } catch (error) {
      expect(error).toMatchObject({ details: { limit: 'steps', most: 200, contacts: 3 } })
    }
  })

  test('or when executions hold more than there is room for', () => {
    const graph = drawn(
      {
        start: ['trigger.manual'],
        grow: ['data.transform', { expression: '"x".repeat(20000)' }],
        rest: wait('1 day'),
      },
      ['start > grow', 'grow > rest'],
    )
    expect(() => played(graph, { contacts: 100 }, { limits: { steps: 1e9, bytes: 1_000_000 } })).toThrow(
      /1000000 bytes/,
    )
    // One after the other they hold no more than one does.
    const arrivals = { pattern: 'times', hours: Array.from({ length: 100 }, (_, n) => 25 * n) }
    const simulation = played(
      graph,
      { contacts: 100, days: 200, arrivals },
      { limits: { steps: 1e9, bytes: 1_000_000 } },
    )
    expect(simulation.outcomes.completed).toBe(100)
  })
})

test('no workflow, model or seed makes a contact vanish or come by twice', () => {
  const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100)
  fc.assert(
    fc.property(
      fc.record({
        contacts: fc.integer({ min: 1, max: 30 }),
        days: fc.integer({ min: 1, max: 20 }),
        seed: fc.string({ minLength: 1, maxLength: 8 }),
        failureRate: share,
        probability: share,
        withinHours: fc.integer({ min: 1, max: 100 }),
      }),
      ({ failureRate, probability, withinHours, ...request }) => {
        const simulation = played(journey(), {
          ...journeyRequest,
          ...request,
          arrivals: { pattern: 'random' },
          events: [{ name: 'mail.opened', after: 'welcome', probability, withinHours }],
          nodes: { ...journeyRequest.nodes, welcome: { failureRate }, remind: { failureRate } },
        })
        const { completed, failed, underWay } = simulation.outcomes
        expect(completed + failed + underWay).toBe(simulation.contacts)
        expect(simulation.contacts).toBe(request.contacts)
        for (const node of simulation.nodes) {
          expect(node.steps).toBe(node.completed + node.failed + node.waiting + node.skipped + node.cancelled)
          const into = simulation.edges.filter(({ edgeId }) => edgeId.endsWith(` > ${node.nodeId}`))
          const came = node.nodeId === 'start' ? request.contacts : into.reduce((sum, { count }) => sum + count, 0)
          expect(node.steps, node.nodeId).toBe(came)
          expect(node.contacts).toBeLessThanOrEqual(node.steps)
        }
        // Whoever read the mail had opened it in the two days before.
        const { count } = simulation.events[0]!
        expect(nodeOf(simulation, 'read').ports['true'] ?? 0).toBeLessThanOrEqual(count)
        if (withinHours < 48 && probability === 1) expect(nodeOf(simulation, 'read').ports['false'] ?? 0).toBe(0)
      },
    ),
    { numRuns: 100 },
  )
})

test('times are those of the clock it is given', () => {
  const graph = drawn({ start: ['trigger.manual'], rest: wait('36 hours'), mail: send }, [
    'start > rest',
    'rest > mail',
  ])
  const simulation = played(graph, { contacts: 2, arrivals: { pattern: 'times', hours: [1, 5] } })
  const mail = nodeOf(simulation, 'mail')
  expect([at(mail.firstAt) / hourMs, at(mail.lastAt) / hourMs]).toEqual([37, 41])
  expect(simulation.startAt).toBe('2026-06-01T00:00:00.000Z')
  expect(simulation.endAt).toBe('2026-07-01T00:00:00.000Z')
})
