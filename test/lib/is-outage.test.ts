import { describe, expect, test } from 'vitest'
import { isOutage } from '../../worker/lib/is-outage.ts'

const overloaded = new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.')

describe('an outage', () => {
  test.each([
    overloaded,
    new Error('Failed query: select 1', { cause: overloaded }),
    new Error('D1_ERROR: Network connection lost.'),
    new Error('D1_ERROR: database is locked: SQLITE_BUSY'),
    new Error('D1_ERROR: Internal error in D1 DB storage caused object to be reset.'),
    Object.assign(new Error('Network connection lost.'), { retryable: true }),
    Object.assign(new Error('Durable Object is overloaded.'), { overloaded: true }),
  ])('is $message', (error) => expect(isOutage(error)).toBe(true))
})

describe('a mistake of ours', () => {
  test.each([
    new Error('D1_ERROR: UNIQUE constraint failed: workflows.id: SQLITE_CONSTRAINT'),
    new Error('Failed query: select 2', { cause: new Error('D1_ERROR: no such column: x at offset 7: SQLITE_ERROR') }),
    new Error("D1_TYPE_ERROR: Type 'undefined' not supported for value 'undefined'"),
    Object.assign(new Error('internal error'), { retryable: false }),
    new TypeError('x is not a function'),
    'a text',
    undefined,
  ])('is %s', (error) => expect(isOutage(error)).toBe(false))
})
