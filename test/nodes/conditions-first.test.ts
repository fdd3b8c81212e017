import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { graphOf, playOf } from './support.ts'

//              ┌─ holds ──► action 1 ──► action 2 …      With a guard instead of a filter each action is asked about
//  start ──► filter                                     its own conditions, when its turn has come.
//              └─ does not ──■

interface Comparison {
  field: 'total' | 'tier'
  operator: '>' | '<=' | '=='
  value: number
}

interface Conditions {
  word: 'AND' | 'OR'
  comparisons: Comparison[]
  data: Record<Comparison['field'], number>
}

const comparison = fc.record<Comparison>({
  field: fc.constantFrom('total', 'tier'),
  operator: fc.constantFrom('>', '<=', '=='),
  value: fc.integer({ min: 0, max: 3 }),
})
const drawn = fc.record({
  word: fc.constantFrom('AND' as const, 'OR' as const),
  comparisons: fc.array(comparison, { minLength: 1, maxLength: 4 }),
  data: fc.record({ total: fc.integer({ min: 0, max: 3 }), tier: fc.integer({ min: 0, max: 3 }) }),
  actions: fc.integer({ min: 1, max: 4 }),
  way: fc.constantFrom('filter' as const, 'if' as const, 'guard' as const),
})

/** What the conditions say, by the shortest means there are. */
function holds({ word, comparisons, data }: Conditions): boolean {
  const each = comparisons.map(({ field, operator, value }) => {
    const is = data[field]
    return operator === '>' ? is > value : operator === '<=' ? is <= value : is === value
  })
  return word === 'AND' ? each.every(Boolean) : each.some(Boolean)
}

const action: JsonObject = { method: 'POST', url: 'https://shop.example.com/' }

// Feature: automations-workflows, Property 8: Condition Evaluation Before Actions
test('conditions are decided before any action begins, and decide whether one does', () => {
  let both = 0
  fc.assert(
    fc.property(drawn, ({ word, comparisons, data, actions, way }) => {
      const conditions = {
        operator: word,
        conditions: comparisons.map(({ field, operator, value }) => ({ field: `trigger.${field}`, operator, value })),
      } satisfies Json
      const names = Array.from({ length: actions }, (_, index) => `action${index + 1}`)
      const guard = way === 'guard' ? { settings: { executeIf: conditions } } : {}
      const chain = names.slice(1).map((name, index) => `${names[index]} > ${name}`)
      const gate = way === 'if' ? 'gate.true' : 'gate'
      const graph = graphOf(
        {
          start: ['trigger.manual'],
          ...(way !== 'guard' && { gate: [way === 'if' ? 'flow.if' : 'flow.filter', { conditions }] }),
          ...Object.fromEntries(names.map((name) => [name, ['http.request', action, guard]])),
        },
        way === 'guard' ? ['start > action1', ...chain] : ['start > gate', `${gate} > action1`, ...chain],
      )
      const play = playOf(graph).start(data)
      while (play.keys.length > 0) play.succeed(play.outstanding.invocations[0]!.path, { output: null, port: 'out' })

      expect(play.status).toBe('completed')
      const begun = play.events.flatMap((event) => (event.type === 'attemptStarted' ? [event.node] : []))
      expect(begun).toEqual(holds({ word, comparisons, data }) ? names : [])
      const decidedAt = play.events.findIndex((event) => event.type === 'stepCompleted' && event.node === 'gate')
      const begunAt = play.events.findIndex((event) => event.type === 'attemptStarted')
      if (way !== 'guard' && begunAt !== -1) expect(decidedAt).toBeLessThan(begunAt)
      both |= begun.length > 0 ? 1 : 2
    }),
    { numRuns: 300 },
  )
  expect(both).toBe(3)
})
