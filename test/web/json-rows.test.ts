import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '#contract/json.ts'
import { childPath, jsonRows, pageSize, textLimit } from '#lib/ui/json-rows.ts'

const closed = { toggled: new Set<string>(), shown: new Map<string, number>(), openDepth: 0 }
const open = { ...closed, openDepth: 99 }

test('a closed container says what it holds in one line', () => {
  expect(jsonRows({ a: 1, b: [1] }, 'steps.score', closed)).toMatchObject([
    { path: 'steps.score', children: 2, open: false, preview: '2 fields' },
  ])
})

test('paths are what an expression would say', () => {
  const rows = jsonRows({ items: [{ 'odd key': true }] }, 'trigger.body', open)
  expect(rows.map((row) => row.path)).toEqual([
    'trigger.body',
    'trigger.body.items',
    'trigger.body.items[0]',
    'trigger.body.items[0]["odd key"]',
  ])
  expect(childPath('a', '__proto__')).toBe('a.__proto__')
  expect(childPath('', 'name')).toBe('name')
})

test('shows a page of a long list, and more when asked', () => {
  const list = Array.from({ length: 120 }, (_, index) => index)
  const first = jsonRows(list, 'x', open)
  expect(first.length).toBe(1 + pageSize + 1)
  expect(first.at(-1)).toEqual({ kind: 'more', path: 'x', depth: 1, shown: 50, total: 120 })
  expect(jsonRows(list, 'x', { ...open, shown: new Map([['x', 150]]) }).length).toBe(121)
})

test('cuts a long text and says how much is missing', () => {
  const [row] = jsonRows('é'.repeat(10_000), 'x', open)
  expect(row).toMatchObject({ preview: `"${'é'.repeat(textLimit)}"`, cut: 10_000 - textLimit })
})

test('a toggled container is the other way round', () => {
  const value = { a: { b: 1 } }
  expect(jsonRows(value, 'x', { ...open, toggled: new Set(['x.a']) }).map((row) => row.path)).toEqual(['x', 'x.a'])
  expect(jsonRows(value, 'x', { ...closed, toggled: new Set(['x']) }).map((row) => row.path)).toEqual(['x', 'x.a'])
})

test('empty containers cannot be opened', () => {
  expect(jsonRows([[], {}], 'x', open).slice(1)).toMatchObject([
    { preview: '[ ]', open: false },
    { preview: '{ }', open: false },
  ])
})

test('any value gives unique paths and at most a page under each container', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const rows = jsonRows(value as Json, 'x', open)
      const paths = rows.filter((row) => row.kind === 'value').map((row) => row.path)
      expect(new Set(paths).size).toBe(paths.length)
      expect(rows[0]?.depth).toBe(0)
    }),
    { numRuns: 300 },
  )
})
