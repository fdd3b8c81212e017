// resend
//
// A queue message may be lost; an accepted event may not. So the inbox sends what is not confirmed again.
//
//   S1. A fresh process does not know what the last one sent: it sends everything that is pending.
//   S2. A process that knows waits ever longer, so that a slow consumer is not buried under copies.

/** How soon the inbox looks after it accepted something, in ms. */
export const lookAfterMs = 10_000
const firstResendMs = 30_000
const maxResendMs = 300_000

export interface Sent {
  at: number
  times: number
}

/** Whether a pending event is to be sent (again) now. `sent` is undefined when this process never sent it. */
export function isDue(sent: Sent | undefined, now: number): boolean {
  return sent === undefined || now - sent.at >= Math.min(firstResendMs * 2 ** (sent.times - 1), maxResendMs)
}
