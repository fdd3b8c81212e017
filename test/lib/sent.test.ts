import { describe, expect, test } from 'vitest'
import type { Sent } from '../../worker/contract/failure.ts'
import { furthest, sentAt, sentByRedirect, sentByStatus } from '../../worker/lib/sent.ts'

describe('what is known of a call that failed', () => {
  test('is that it was not sent only where it cannot have gone out whole, and that it was answered only by a whole answer', () => {
    expect(sentAt).toEqual({
      checked: 'no',
      opening: 'no',
      gone: 'unknown',
      answering: 'unknown',
      unreadable: 'unknown',
      answered: 'answered',
    })
  })

  test.each([
    [400, 'answered'],
    [404, 'answered'],
    [429, 'answered'],
    [500, 'answered'],
    [503, 'answered'],
    [521, 'answered'],
    [502, 'unknown'],
    [504, 'unknown'],
    [520, 'unknown'],
    [522, 'unknown'],
    [524, 'unknown'],
  ] as const)('%i: %s, for a gateway without an answer has none to give', (status, sent) => {
    expect(sentByStatus(status)).toBe(sent)
  })

  test('of several requests is the furthest, and of none that nothing was sent', () => {
    expect(furthest()).toBe('no')
    const all: Sent[] = ['no', 'answered', 'unknown']
    for (const [index, one] of all.entries()) {
      for (const other of all.slice(index)) expect([furthest(one, other), furthest(other, one)]).toEqual([other, other])
    }
  })

  test('after redirects: one that asks to fetch the result says that the request was taken', () => {
    expect(sentByRedirect('no', false)).toBe('answered')
    expect(sentByRedirect('no', true)).toBe('unknown')
    expect(sentByRedirect('unknown', false)).toBe('unknown')
  })
})
