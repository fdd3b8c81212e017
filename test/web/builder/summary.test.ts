import { describe, expect, test } from 'vitest'
import type { ConditionGroup } from '#contract/condition.ts'
import type { JsonObject } from '#contract/json.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { nodeIcons } from '../../../web/src/lib/graph/canvas/node-icons.ts'
import { conditionWords } from '../../../web/src/lib/graph/model/condition-words.ts'
import { nodeTypeLookup } from '../../../web/src/lib/graph/model/ports.ts'
import { summaryOf } from '../../../web/src/lib/graph/model/summary.ts'

const lookup = nodeTypeLookup(describeNodeTypes())
const line = (type: string, params: JsonObject) => summaryOf({ params }, lookup(type))

describe('the line under a node’s name', () => {
  test.each<[string, JsonObject, string]>([
    ['http.request', { method: 'GET', url: 'https://a.example/{{ steps.lead.id }}' }, 'GET https://a.example/lead.id'],
    ['trigger.webhook', { methods: ['POST', 'PUT'], verification: 'github' }, 'POST, PUT · GitHub signature'],
    ['trigger.webhook', {}, 'POST · Anyone who knows the address'],
    ['flow.wait', { mode: 'duration', duration: '2 days', until: '2026-01-01' }, '2 days'],
    ['flow.wait', { mode: 'until', until: '{{ trigger.body.at }}', zone: 'organization' }, 'Until trigger.body.at'],
    [
      'flow.wait',
      { mode: 'weekday', weekdays: ['mon', 'fri'], timeZone: 'Europe/Amsterdam' },
      'Until Mon, Fri 09:00, Europe/Amsterdam',
    ],
    [
      'flow.wait',
      { mode: 'weekday', weekdays: ['mon'], time: '10:30', zone: 'contact' },
      'Until Mon 10:30, contact’s time',
    ],
    ['flow.wait', { mode: 'businessHours' }, 'In business hours'],
    [
      'flow.wait',
      { mode: 'businessHours', count: 'days', amount: 2, hoursIn: 'contact' },
      '2 business days later, contact’s time',
    ],
    ['flow.wait', { mode: 'quietHours', quietTo: '07:00' }, 'Not from 21:00 to 07:00, UTC'],
    ['flow.wait', { mode: 'random', atLeast: '5 minutes', atMost: '2 hours' }, '5 minutes to 2 hours'],
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
