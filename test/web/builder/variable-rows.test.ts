import fc from 'fast-check'
import { expect, test } from 'vitest'
import { followVariables, readVariables, type VariableRow } from '#lib/builder/settings/variable-rows.ts'

/** What the rows are after a text was typed letter by letter, each of which the graph heard of and gave back. */
function typed(text: string): readonly VariableRow[] {
  let rows: readonly VariableRow[] = [{ name: 'order', text: '' }]
  for (let end = 1; end <= text.length; end++) {
    rows = rows.with(0, { name: 'order', text: text.slice(0, end) })
    rows = followVariables(rows, readVariables(rows))
  }
  return rows
}

test.each([
  ['{ "a": [1, "b"] }', { a: [1, 'b'] }],
  ['"12"', '12'],
  ['{"a', '{"a'],
  ['two words ', 'two words'],
  ['1.50', '1.50'],
])('%s is there as it was typed, letter by letter', (text, value) => {
  const rows = typed(text)
  expect(rows).toEqual([{ name: 'order', text }])
  expect(readVariables(rows)).toEqual({ order: value })
})

test('a bracket and a quote that the editor closes by itself stay where they are', () => {
  for (const text of ['{}', '{""}', '{"a"}', '{"a":}', '{"a":""}']) {
    const rows = [{ name: 'order', text }]
    expect(followVariables(rows, readVariables(rows))).toBe(rows)
  }
})

test('whatever is typed stays, also beside a name that is not one yet', () => {
  const row = fc.record({ name: fc.constantFrom('', 'a', 'b', '2nd', ' c'), text: fc.string() })
  fc.assert(
    fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
      expect(followVariables(rows, readVariables(rows))).toBe(rows)
    }),
    { numRuns: 200 },
  )
})

test('what changed elsewhere is written anew', () => {
  const rows = [{ name: 'order', text: '{"a' }]
  expect(followVariables(rows, { order: 3, note: '7' })).toEqual([
    { name: 'order', text: '3' },
    { name: 'note', text: '"7"' },
  ])
  expect(followVariables(rows, {})).toEqual([])
})
