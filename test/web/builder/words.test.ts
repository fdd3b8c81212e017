import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseDuration } from '../../../worker/lib/duration.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { hookProblems } from '#contract/hook-problems.ts'
import { problemCounts, problemsByParam } from '../../../web/src/lib/builder/checks/problem-counts.ts'
import type { DraftState } from '../../../web/src/lib/builder/draft/draft-state.ts'
import { saveWords } from '../../../web/src/lib/builder/header/save-words.ts'
import {
  durationUnits,
  readDuration,
  writeDuration,
} from '../../../web/src/lib/builder/inspector/controls/duration-text.ts'
import { portsOf } from '../../../web/src/lib/graph/model/ports.ts'
import { freshRow, rowKeys } from '../../../web/src/lib/builder/inspector/controls/fresh-row.ts'
import { holdsRows, readRows, writeRows } from '../../../web/src/lib/builder/inspector/controls/key-value-rows.ts'
import { moved, objectsOf, withKey } from '../../../web/src/lib/builder/inspector/controls/object-list.ts'
import { effectiveRetry } from '#contract/effective-retry.ts'
import type { Json } from '#contract/json.ts'
import { canBeSent, curlFor } from '../../../web/src/lib/builder/inspector/curl-for.ts'
import { formGroups } from '../../../web/src/lib/builder/inspector/form-fields.ts'
import { retryWords } from '../../../web/src/lib/retry/retry-words.ts'
import { placeBeside } from '../../../web/src/lib/builder/palette/place-beside.ts'
import { makeNode } from './support.ts'

describe('the state of saving', () => {
  const now = 100_000
  test.each<[DraftState, string]>([
    [{ status: 'saved', revision: 1, at: undefined }, 'Saved'],
    [{ status: 'saved', revision: 1, at: now - 2_000 }, 'Saved just now'],
    [{ status: 'saved', revision: 1, at: now - 12_000 }, 'Saved 10 s ago'],
    [{ status: 'saved', revision: 1, at: now - 61_000 }, 'Saved 1 min ago'],
    [{ status: 'unsaved', revision: 1, since: now, dueAt: now }, 'Unsaved changes'],
    [{ status: 'saving', revision: 1, editedAt: undefined }, 'Saving…'],
    [{ status: 'retrying', revision: 1, attempt: 2, dueAt: now + 4_200 }, 'Not saved: no connection'],
    [{ status: 'refused', revision: 1, reason: 'Too large.' }, 'Not saved'],
    [{ status: 'conflict', revision: 1 }, 'Not saved: changed elsewhere'],
  ])('%j is “%s”', (state, label) => {
    expect(saveWords(state, now).label).toBe(label)
  })

  test('only what is saved is called saved', () => {
    expect(saveWords({ status: 'retrying', revision: 1, attempt: 2, dueAt: now + 4_200 }, now).detail).toContain(
      'in 5 s',
    )
  })
})

describe('a duration', () => {
  test('is read and written back, and the server reads the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), fc.constantFrom(...durationUnits), (amount, unit) => {
        const text = writeDuration({ amount, unit })
        expect(readDuration(text)).toEqual({ amount, unit })
        const unitMs = { seconds: 1e3, minutes: 6e4, hours: 36e5, days: 864e5, weeks: 6048e5 }[unit]
        expect(parseDuration(text)).toBe(amount * unitMs)
      }),
    )
  })

  test.each([
    ['2h', { amount: 2, unit: 'hours' }],
    ['90', { amount: 90, unit: 'seconds' }],
    ['1.5 days', { amount: 1.5, unit: 'days' }],
    ['1h 30m', undefined],
    ['P1D', undefined],
    ['{{ steps.x }}', undefined],
  ])('%s is %j', (text, picked) => {
    expect(readDuration(text)).toEqual(picked)
  })
})

describe('rows of a form', () => {
  test('an object is the same after it was rows', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => key.trim() === key && key !== ''),
          fc.string(),
        ),
        (object) => {
          expect(writeRows(readRows(object))).toEqual({ ...object })
        },
      ),
    )
  })

  test('a row without a name is not kept, and of two with one name the later is', () => {
    const rows = [
      { key: '', value: 'x' },
      { key: 'a', value: '1' },
      { key: ' a ', value: '2' },
    ]
    expect(writeRows(rows)).toEqual({ a: '2' })
  })

  test('what is no object is no rows', () => {
    expect([undefined, null, {}, { ' X-Key': '1' }, { '': 'x' }].map(holdsRows)).toEqual([true, true, true, true, true])
    expect(['{{ trigger.body.headers }}', 3, true, ['a']].map(holdsRows)).toEqual([false, false, false, false])
  })

  test('lists are changed without changing the list that was given', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(withKey({ a: 1, b: 2 }, 'a', undefined)).toEqual({ b: 2 })
    expect(objectsOf([{ a: 1 }, 'text', null])).toEqual([{ a: 1 }, {}, {}])
  })
})

test('a way out that a draft names twice, or as one that its step has anyway, is there once', () => {
  const nodeType = describeNodeTypes().find(({ type }) => type === 'flow.switch')
  const cases = ['nl', 'nl', 'default'].map((port) => ({ port, label: '', equals: '' }))
  expect(portsOf({ params: { cases } }, nodeType).map(({ name }) => name)).toEqual(['nl', 'default'])
})

test('a row that is added has what it needs, and a way out of its own', () => {
  const schema = describeNodeTypes().find(({ type }) => type === 'flow.split')?.params ?? {}
  const branches = formGroups(schema, {})
    .flatMap(({ fields }) => fields)
    .find(({ key }) => key === 'branches')
  const rows = [{ port: 'a' }, { port: 'way3' }]
  expect(freshRow(branches?.entries ?? [], rows)).toEqual({ port: 'way2' })
  expect(rowKeys([{ port: 'a' }, {}])).toEqual(['port a', 'row 1'])
  expect(rowKeys([{ port: 'a' }, { port: 'a' }, { port: '' }])).toEqual(['port a', 'row 1', 'row 2'])
})

test.each([
  [{}, 'After 1 s, 2 s and 4 s; then it has failed.'],
  [{ maxRetries: 1, delayMs: 500 }, 'After 500 ms; then it has failed.'],
  [{ maxRetries: 2, backoff: 'fixed' as const, delayMs: 300_000, maxDelayMs: 600_000 }, 'After 5 min and 5 min;'],
  [{ maxRetries: 0 }, 'It is not tried again'],
])('retries %j are said as “%s”', (policy, words) => {
  expect(retryWords(effectiveRetry(policy))).toContain(words)
})

test('problems are counted by node and found by param', () => {
  const problem = { code: 'x', message: 'm' }
  const problems = [
    { ...problem, severity: 'error' as const, path: 'nodes.0.params.url', nodeId: 'a' },
    { ...problem, severity: 'warning' as const, path: 'nodes.0.params.headers.accept', nodeId: 'a' },
    { ...problem, severity: 'error' as const, path: 'nodes.0', nodeId: 'a' },
    { ...problem, severity: 'error' as const, path: 'nodes' },
  ]
  expect(problemCounts(problems)).toEqual(new Map([['a', { errors: 2, warnings: 1 }]]))
  expect([...problemsByParam(problems, 'a').keys()]).toEqual(['url', 'headers', ''])
})

test('a webhook that is to verify its senders needs their secret', () => {
  const verified = makeNode('hook', { type: 'trigger.webhook', params: { verification: 'github' } })
  const open = makeNode('open', { type: 'trigger.webhook', params: { verification: 'none' } })
  const graph = { version: 1 as const, nodes: [open, verified], edges: [] }
  const hook = { nodeId: 'hook', url: 'https://x.example/hooks/k', path: '/hooks/k', hasSecret: false }
  expect(hookProblems(graph, [hook])).toMatchObject([{ nodeId: 'hook', path: 'nodes.1.params.verification' }])
  expect(hookProblems(graph, [{ ...hook, hasSecret: true }])).toEqual([])
})

test('an event is sent from a terminal as the step asks for it, with an example of its content', () => {
  const send = (eventType: string, example: Json) =>
    /-d '(.*)'$/.exec(curlFor('https://x.example/api/v2/events', { ...event, params: { eventType } }, example))?.[1]
  const event = { id: 'on', type: 'trigger.event', name: 'On', position: { x: 0, y: 0 }, params: {} }
  expect(send('order.paid', { type: 'order.sent', data: { a: 1 } })).toBe('{"type":"order.paid","data":{"a":1}}')
  expect(send('order.*', { type: 'order.sent', data: 1 })).toBe('{"type":"order.sent","data":1}')
  expect(send('order.*', {})).toBe('{"type":"order.happened","data":{}}')
  expect([event, { ...event, params: { eventType: '*' } }].map(canBeSent)).toEqual([true, true])
  expect(
    ['contact.created', 'contact.*', 'order.*'].map((eventType) => canBeSent({ ...event, params: { eventType } })),
  ).toEqual([false, false, true])
  expect(send('', null)).toBe('{"type":"order.paid","data":{}}')
})

test('the sample command survives quotes in its body', () => {
  const node = makeNode('hook', { type: 'trigger.webhook', params: { methods: ['PUT'] } })
  expect(curlFor('https://x.example/hooks/k', node, { body: { name: "O'Neil" } })).toBe(
    [
      `curl -X PUT 'https://x.example/hooks/k' \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d '{"name":"O'\\''Neil"}'`,
    ].join('\n'),
  )
})

test('a panel beside a thing stays inside its bounds, wherever the thing is', () => {
  const box = (left: number, top: number, width: number, height: number) => {
    return { left, top, width, height, right: left + width, bottom: top + height }
  }
  fc.assert(
    fc.property(fc.integer({ min: -200, max: 2_000 }), fc.integer({ min: -200, max: 1_500 }), (x, y) => {
      const place = placeBeside(box(x, y, 20, 20), box(100, 50, 1_200, 800), { width: 360, height: 440 })
      expect(place.x).toBeGreaterThanOrEqual(8)
      expect(place.x + 360).toBeLessThanOrEqual(1_192)
      expect(place.y).toBeGreaterThanOrEqual(8)
      expect(place.y + place.maxHeight).toBeLessThanOrEqual(792)
    }),
  )
})
