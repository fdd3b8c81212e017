import type { Json } from '../../worker/contract/json.ts'
import {
  compileExpression,
  compileTemplate,
  ExpressionError,
  type EvaluateOptions,
  type ExpressionErrorData,
} from '../../worker/expressions/index.ts'

export const now = Date.UTC(2026, 10, 21, 9, 30)

/** A scope as a webhook's first steps see it. */
export const scope = {
  trigger: {
    body: {
      name: 'Ada',
      total: 120.5,
      count: '7',
      paid: true,
      nothing: null,
      customer: { email: 'ada@example.com', name: 'Ada Lovelace', address: { city: 'London' } },
      items: [
        { sku: 'A', price: 10, quantity: 2 },
        { sku: 'B', price: 5, quantity: 1 },
      ],
      tags: ['vip', 'new'],
    },
    headers: { 'x-github-event': 'push' },
    query: {},
    method: 'POST',
  },
  steps: { score: { total: 3 }, greet: { text: 'Hello' } },
  vars: { limit: 100 },
  execution: { id: 'exec_1' },
  workflow: { id: 'wf_1', name: 'Sample' },
  now,
}

/** The value of one expression. */
export function evaluate(source: string, trigger?: Json, options?: EvaluateOptions): Json {
  return compileExpression(source).evaluate(trigger === undefined ? scope : { ...scope, trigger }, options)
}

/** The value of a template. */
export function fill(template: Json, trigger?: Json): Json {
  return compileTemplate(template).evaluate(trigger === undefined ? scope : { ...scope, trigger })
}

/** The error that something throws, as data. */
export function errorOf(work: () => unknown): ExpressionErrorData {
  try {
    work()
  } catch (error) {
    if (error instanceof ExpressionError) return error.data
    throw error
  }
  throw new Error('nothing was thrown')
}
