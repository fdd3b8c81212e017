import { describe, expect, test } from 'vitest'
import type { BulkExecutionsRequest, BulkExecutionsResult } from '../../worker/contract/control.ts'
import { bulkRest, runBulk } from '../../web/src/lib/executions/bulk-run.ts'

const part = (done: string[], nextCursor?: string): BulkExecutionsResult =>
  ({ done, refused: [], elsewhere: 1, more: nextCursor !== undefined, ...(nextCursor && { nextCursor }) }) as never

describe('one thing done to all that fit', () => {
  test('goes on from where the answer left off until there are no more', async () => {
    const asked: BulkExecutionsRequest[] = []
    const counts: number[] = []
    const answers = [part(['a', 'b'], 'b'), part([], 'f'), part(['g'])]
    const body: BulkExecutionsRequest = { action: 'pause', filter: {} }
    const outcome = await runBulk(
      body,
      async (one) => {
        asked.push(one)
        return answers.shift()!
      },
      (count) => counts.push(count),
    )
    expect(outcome).toEqual({ done: ['a', 'b', 'g'], refused: [], elsewhere: 3 })
    expect(asked).toEqual([body, { ...body, cursor: 'b' }, { ...body, cursor: 'f' }])
    expect(counts).toEqual([2, 2, 3])
  })

  test('says what was left alone and why', () => {
    const refused = [{ id: 'a', code: 'execution.finished', message: 'It is over.' }] as never
    expect(bulkRest({ done: [], refused, elsewhere: 2 })).toBe(
      '1 refused: It is over. 2 stand elsewhere and were left alone.',
    )
    expect(bulkRest({ done: [], refused: [], elsewhere: 0 })).toBe('')
  })
})
