import { expect, test } from 'vitest'
import { matchesEventType } from '../../worker/triggers/event-match.ts'

test.each([
  ['order.paid', 'order.paid', true],
  ['order.paid', 'order.paid.twice', false],
  ['order.paid', 'order', false],
  ['order.*', 'order.paid', true],
  ['order.*', 'order.item.added', true],
  ['order.*', 'order', false],
  ['order.*', 'order.', false],
  ['order.*', 'orders.paid', false],
  ['order:*', 'order.paid', false],
  ['order/*', 'order/paid', true],
  ['*', 'anything', true],
  ['order*', 'order.paid', false],
  ['', 'order', false],
])('%s is met by %s: %s', (pattern, type, expected) => {
  expect(matchesEventType(pattern, type)).toBe(expected)
})
