import type { Failure } from '../../contract/failure.ts'

/**
 * Codes whose messages are made of words of ours, of numbers and of what the workflow says about itself. The message of
 * any other may quote what flowed: an expression its value, `flow.end` the reason it was given, a call the address.
 */
const plainCodes: ReadonlySet<string> = new Set([
  'attempt.timed_out',
  'call.timed_out',
  'call.too_deep',
  'concurrency.dropped',
  'concurrency.queue_full',
  'concurrency.replaced',
  'debounce.merged',
  'egress.too_large',
  'execution.failed',
  'execution.timed_out',
  'execution.too_many_steps',
  'execution.too_old',
  'go_to.too_many',
  'http.invalid_json',
  'http.unexpected_status',
  'loop.too_many_iterations',
  'loop_detected',
  'merge.too_few',
  'merge.unplaced',
  'node.missing',
  'node.unknown',
  'parallel.timed_out',
  'rollback.given_up',
  'rollback.no_step',
  'rollback.timed_out',
  'step.cancelled',
  'step.failed',
  'step.outcome_unknown',
  'step.timed_out',
  'throttle.dropped',
  'throttle.queue_full',
])

/** What stands in the place of a message that may quote data. */
export const withheldMessage = 'What it says may quote data, which needs leave of its own.'

/** A failure without data, only its code: for callers who may see how an execution went but not what flowed in it. */
export function withoutData(failure: Failure): Failure {
  const bare = plainCodes.has(failure.code) ? failure : { ...failure, message: withheldMessage }
  if (!('details' in bare)) return bare
  const { details: _, ...rest } = bare
  return rest
}
