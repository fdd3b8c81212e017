import { describe, expect, test } from 'vitest'
import type { ConditionGroup } from '#contract/condition.ts'
import type { JsonObject } from '#contract/json.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { nodeIcons } from '../../../web/src/lib/builder/canvas/node-icons.ts'
import { conditionWords } from '../../../web/src/lib/builder/model/condition-words.ts'
import { nodeTypeLookup } from '../../../web/src/lib/builder/model/ports.ts'
import { summaryOf } from '../../../web/src/lib/builder/model/summary.ts'

const lookup = nodeTypeLookup(describeNodeTypes())
const line = (type: string, params: JsonObject) => summaryOf({ params }, lookup(type))

describe('the line under a node’s name', () => {
  test.each<[string, JsonObject, string]>([
    ['http.request', { method: 'GET', url: 'https://a.example/{{ steps.lead.id }}' }, 'GET https://a.example/lead.id'],
    ['trigger.webhook', { methods: ['POST', 'PUT'], verification: 'github' }, 'POST, PUT · GitHub signature'],
    ['trigger.webhook', {}, 'POST · Anyone who knows the address'],
    ['flow.wait', { mode: 'duration', duration: '2 days', until: '2026-01-01' }, '2 days'],
    ['flow.wait', { mode: 'until', duration: '2 days', until: '{{ trigger.body.at }}' }, 'trigger.body.at'],
    ['flow.switch', { value: 'steps.lead.country', cases: [] }, 'By lead.country'],
    ['flow.switch', { value: '', cases: [] }, ''],
    ['data.set', { fields: [{ name: 'total' }, { name: 'customer.email' }] }, 'total, customer.email'],
    ['flow.end', {}, 'Completed'],
  ])('%s %j says “%s”', (type, params, words) => {
    expect(line(type, params)).toBe(words)
  })

  test('of a type nobody knows, there is nothing to say', () => {
    expect(summaryOf({ params: {} }, undefined)).toBe('')
  })
})

test('conditions read as a sentence', () => {
  const group: ConditionGroup = {
    operator: 'AND',
    conditions: [
      { field: 'trigger.body.total', operator: '>', value: 100 },
      {
        operator: 'OR',
        conditions: [
          { field: '{{ steps.lead.country }}', operator: 'in', value: ['NL', 'BE'] },
          { field: 'vars.vip', operator: 'exists' },
        ],
      },
      { operator: 'NOT', conditions: [{ field: 'x', operator: 'equals', value: null }] },
    ],
  }
  expect(conditionWords(group)).toBe(
    'body.total > 100 and (lead.country is one of NL, BE or vars.vip exists) and (not x is null)',
  )
})

test('every node type’s icon is among those the builder draws', () => {
  const missing = describeNodeTypes().filter(({ icon }) => nodeIcons[icon] === undefined)
  expect(missing.map(({ type, icon }) => `${type}: ${icon}`)).toEqual([])
})
