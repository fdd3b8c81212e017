import type { Sent } from '../contract/failure.ts'
import type { Json } from '../contract/json.ts'

/** What every error that is thrown while an effect is performed may say besides. */
interface More {
  details?: Json
  /** Where the error knows more than whoever made the call. */
  sent?: Sent
  cause?: unknown
}

/** Thrown while an effect is performed: this input will never work, so do not try it again. */
export class TerminalError extends Error {
  override name = 'TerminalError'
  readonly code: string
  readonly details: Json | undefined
  readonly sent: Sent | undefined

  constructor(code: string, message: string, { details, sent, cause }: More = {}) {
    super(message, { cause })
    this.code = code
    this.details = details
    this.sent = sent
  }
}

/**
 * Thrown while an effect is performed, before anything was sent: the call is held back and is not to be made before `until`
 * (epoch ms). `free`: the wait is not the step's, as when it waits for its turn. `holder` names who holds it back, where that
 * may let go of it sooner.
 */
export class HeldBackError extends Error {
  override name = 'HeldBackError'
  readonly code: string
  readonly until: number
  readonly free: boolean
  readonly holder: string | undefined

  constructor(
    code: string,
    message: string,
    { until, free, holder }: { until: number; free: boolean; holder?: string },
  ) {
    super(message)
    this.code = code
    this.until = until
    this.free = free
    this.holder = holder
  }
}

/** Thrown while an effect is performed: trying again may help. `retryAfterMs` is the other side's own wish. */
export class RetryableError extends Error {
  override name = 'RetryableError'
  readonly code: string
  readonly retryAfterMs: number | undefined
  readonly details: Json | undefined
  readonly sent: Sent | undefined

  constructor(
    code: string,
    message: string,
    { retryAfterMs, details, sent, cause }: More & { retryAfterMs?: number } = {},
  ) {
    super(message, { cause })
    this.code = code
    this.retryAfterMs = retryAfterMs
    this.details = details
    this.sent = sent
  }
}
