// judge database
//
//   D1. While the databases are down, whoever asks is answered, and the answer is either right or a typed 503.
//   D2. A webhook that the server knew before is acknowledged while they are down.
//
// Pure; `test/prove/storms.test.ts` shows that it sees.

import type { StormViolation } from '../storm/prove-storm.ts'

/** One answer that somebody had. */
export interface Asked {
  what: string
  /** Epoch ms of the question. */
  at: number
  status: number
  /** Of the error, where it has one. */
  code: string
  hasRetryAfter: boolean
}

/** One try of a sender. */
export interface Try {
  event: string
  /** Epoch ms of the answer. */
  at: number
  refusal?: string
}

export interface DatabaseFigures {
  asked: number
  /** By what was answered. */
  answers: Record<string, number>
  webhooksAcknowledgedWhileDown: number
  /** Events for the API whose senders were told to come again, and did. */
  eventsPutOff: number
}

/** Whether everybody was answered as they should have been. */
export function judgeDatabase(
  asked: readonly Asked[],
  { hooks, events }: { hooks: readonly Try[]; events: readonly Try[] },
  down: { from: number; to: number },
): { violations: StormViolation[]; figures: DatabaseFigures } {
  const violations: StormViolation[] = []
  const answers: Record<string, number> = {}
  for (const { what, at, status, code, hasRetryAfter } of asked) {
    const answer = `${what}: ${status} ${code}`.trim()
    answers[answer] = (answers[answer] ?? 0) + 1
    const isDown = at >= down.from && at < down.to
    const isTyped = status === 503 && code === 'service.unavailable' && hasRetryAfter
    if (status >= 300 && !(isDown && isTyped)) violations.push({ oracle: 'D1', event: what, what: `${status} ${code}` })
  }
  for (const { event, refusal } of hooks) {
    if (refusal !== undefined) violations.push({ oracle: 'D2', event, what: `its webhook was answered ${refusal}` })
  }
  for (const { event, refusal } of events) {
    if (refusal !== undefined && refusal !== '503 service.unavailable') {
      violations.push({ oracle: 'D1', event, what: `was answered ${refusal}` })
    }
  }
  const putOff = new Set(events.filter(({ refusal }) => refusal !== undefined).map(({ event }) => event))
  const whileDown = hooks.filter(({ at, refusal }) => refusal === undefined && at >= down.from && at < down.to)
  return {
    violations,
    figures: {
      asked: asked.length,
      answers,
      webhooksAcknowledgedWhileDown: whileDown.length,
      eventsPutOff: putOff.size,
    },
  }
}
