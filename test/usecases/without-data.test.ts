import { expect, test } from 'vitest'
import { endedAsFailed, stepTimedOut } from '../../worker/engine/failure.ts'
import { withheldMessage, withoutData } from '../../worker/usecases/executions/without-data.ts'

test('what the other side answered goes, and what we say about it stays', () => {
  expect(
    withoutData({
      kind: 'retryable',
      code: 'http.unexpected_status',
      message: 'The answer was 503.',
      retryAfterMs: 9,
      sent: 'answered',
      details: { body: 'Ada' },
    }),
  ).toEqual({
    kind: 'retryable',
    code: 'http.unexpected_status',
    message: 'The answer was 503.',
    retryAfterMs: 9,
    sent: 'answered',
  })
  expect(withoutData(stepTimedOut(500))).toEqual(stepTimedOut(500))
})

test('a message that may quote a value goes too: that of a workflow, of an expression, of a code nobody knows', () => {
  const ended = withoutData(endedAsFailed('Ada Lovelace has no insurance'))
  expect(ended).toEqual({ kind: 'terminal', code: 'execution.ended', message: withheldMessage })
  for (const code of ['expression.type', 'data.wrong_kind', 'call.child_failed', 'somebody.new']) {
    expect(withoutData({ kind: 'terminal', code, message: 'This is the text “Ada”.' }).message).toBe(withheldMessage)
  }
})
