// sent
//
// Whether the other side of a call may have got what was sent to it. Decided by what can be known and by nothing else:
//
//   S1. `no` is said only where the request cannot have gone out whole. Who reads requests to their end has done nothing.
//   S2. `answered` is said only where a whole answer came, and the answer is what is wrong.
//   S3. Everything else is `unknown`: it may have happened.

import type { Sent } from '../contract/failure.ts'

/** How far a call came before it failed. */
export type Stage =
  /** Refused by our own rules, or held back. */
  | 'checked'
  /** On its way, and the end of its body was not given away yet: no connection could be made, or it broke before that. */
  | 'opening'
  /** It may have gone out whole. Nothing came back: the connection broke, or time was over. */
  | 'gone'
  /** The answer began, and did not come to its end. */
  | 'answering'
  /** The answer came, and says yes; but nobody can read it, or it is larger than wanted. */
  | 'unreadable'
  /** The answer came whole, and is what is wrong. */
  | 'answered'

export const sentAt: Readonly<Record<Stage, Sent>> = {
  checked: 'no',
  opening: 'no',
  gone: 'unknown',
  answering: 'unknown',
  unreadable: 'unknown',
  answered: 'answered',
}

/**
 * What somebody on the way says who got no answer either: a gateway (502, 504), or Cloudflare in front of the target (520:
 * the connection broke, 522: no answer to the request, 524: no answer in time).
 */
const statusesOnTheWay = new Set([502, 504, 520, 522, 524])

/** What an answer of a status that was not wanted says about what was asked. */
export function sentByStatus(status: number): Sent {
  return statusesOnTheWay.has(status) ? sentAt.gone : sentAt.answered
}

/**
 * What is known of requests that were answered by redirects, before one more is sent: a redirect that turns the request into
 * a GET says that it was taken, any other that somebody else is to be asked.
 */
export function sentByRedirect(before: Sent, becameGet: boolean): Sent {
  return furthest(before, becameGet ? 'unknown' : 'answered')
}

const order: readonly Sent[] = ['no', 'answered', 'unknown']

/** What several calls are together. */
export function furthest(...all: readonly Sent[]): Sent {
  return order[Math.max(0, ...all.map((sent) => order.indexOf(sent)))]!
}
