// evidence
//
// All that the judge gets to see: what senders sent and were told, what the sink saw, when the power was cut, and what the
// API says afterwards. Nothing of it comes from inside the server.

import type { SinkCall } from '../sink/ledger.ts'
import type { ExpectedCall } from './programs.ts'

/** An event that a sender sent, once or several times, under one id. */
export interface SentEvent {
  event: string
  /** The workflows it must start, by program name, and what each must do. */
  starts: { program: string; calls: readonly ExpectedCall[] }[]
}

/** A 2xx a sender got. */
export interface Acknowledgement {
  event: string
  /** Epoch ms. */
  at: number
  executionIds: string[]
  /** What an answer that was waited for was, and what it must be. Absent where nobody waited, or not to the end. */
  answer?: { given: unknown; expected: unknown }
}

/** An event that a sender stopped delivering because it was refused again and again. */
export interface Refusal {
  event: string
  /** Status and code. */
  what: string
}

/** One power cut. Between the two instants (epoch ms) nothing of the server ran. */
export interface Outage {
  killedAt: number
  restartedAt: number
}

/** An execution as the API shows it. */
export interface SeenExecution {
  id: string
  program: string
  /** Of the event that it was given. */
  event: string
  status: string
  /** As the list has it. */
  listedStatus: string
  /** `finishedAt` in epoch ms, where it is over. */
  steps: { path: string; status: string; attempt: number; idempotencyKey?: string; finishedAt?: number }[]
}

export interface Evidence {
  sent: SentEvent[]
  acknowledged: Acknowledgement[]
  refused: Refusal[]
  calls: SinkCall[]
  outages: Outage[]
  executions: SeenExecution[]
}
