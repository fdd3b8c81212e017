import { describe, expect, test } from 'vitest'
import type { BulkExecutionsRequest, BulkExecutionsResult } from '../../worker/contract/control.ts'
import { filterWords, reachWords, statusesFor } from '../../web/src/lib/executions/bulk-reach.ts'
import { bulkRest, controlAll } from '../../web/src/lib/executions/bulk-control.ts'

const part = (done: string[], nextCursor?: string): BulkExecutionsResult =>
  ({ done, refused: [], elsewhere: 1, more: nextCursor !== undefined, ...(nextCursor && { nextCursor }) }) as never

describe('one thing done to all that fit', () => {
  test('goes on from where the answer left off until there are no more', async () => {
    const asked: BulkExecutionsRequest[] = []
    const counts: number[] = []
    const answers = [part(['a', 'b'], 'b'), part([], 'f'), part(['g'])]
    const body: BulkExecutionsRequest = { action: 'pause', filter: {} }
    const outcome = await controlAll(
      body,
      async (one) => {
        asked.push(one)
        return answers.shift()!
      },
      (count) => counts.push(count),
      new AbortController().signal,
    )
    expect(outcome).toEqual({ done: ['a', 'b', 'g'], refused: [], elsewhere: 3, stopped: false })
    expect(asked).toEqual([body, { ...body, cursor: 'b' }, { ...body, cursor: 'f' }])
    expect(counts).toEqual([2, 2, 3])
  })

  test('makes no other request once it is stopped, and says what is done', async () => {
    const stop = new AbortController()
    const answers = [part(['a', 'b'], 'b'), part(['c'], 'c'), part(['d'])]
    const outcome = await controlAll(
      { action: 'cancel', filter: {} },
      async () => answers.shift()!,
      (count) => count === 3 && stop.abort(),
      stop.signal,
    )
    expect(outcome).toMatchObject({ done: ['a', 'b', 'c'], stopped: true })
    expect(answers).toHaveLength(1)
  })

  test('that is stopped in its last request has met all', async () => {
    const outcome = await controlAll(
      { action: 'cancel', filter: {} },
      async () => part(['a']),
      () => {},
      AbortSignal.abort(),
    )
    expect(outcome.stopped).toBe(false)
  })

  test('is meant for executions with which it can do something', () => {
    expect(statusesFor('pause', undefined)).toEqual(['running', 'waiting'])
    expect(statusesFor('pause', ['waiting', 'failed'])).toEqual(['waiting'])
    expect(statusesFor('pause', ['failed'])).toEqual([])
    expect(statusesFor('retry', undefined)).toEqual(['failed', 'timed_out'])
    expect(statusesFor('retry', ['cancelled', 'completed'])).toEqual(['cancelled'])
  })

  test('names the filters that are set, and says so where none is', () => {
    const filters = [
      { label: 'Status', value: 'Running, Waiting' },
      { label: 'Workflow', value: 'Orders' },
    ]
    expect(filterWords(filters)).toBe('Status: Running, Waiting. Workflow: Orders.')
    expect(filterWords([])).toBe('No filter is set: it is meant for all executions of the organization.')
  })

  test.each([
    [0, false, 'No execution fits.'],
    [1, false, 'One execution fits.'],
    [12, false, '12 executions fit.'],
    [100, true, 'More than 100 executions fit.'],
  ])('counts %i, more: %s', (count, more, words) => {
    const items = Array.from({ length: count }, (_, index) => index)
    expect(reachWords({ items, ...(more && { nextCursor: 'c' }) })).toBe(words)
  })

  test('says what was left alone and why', () => {
    const refused = [{ id: 'a', code: 'execution.finished', message: 'It is over.' }] as never
    expect(bulkRest({ refused, elsewhere: 2 })).toBe('1 refused: It is over. 2 stand elsewhere and were left alone.')
    expect(bulkRest({ refused: [], elsewhere: 0 })).toBe('')
  })
})
