/**
 * What can be exhausted:
 *
 * - `execution`: it failed or ran out of time, with all its retries
 * - `step`: a step failed with all its retries, and the execution went on without it
 * - `event`: it was accepted, and what it starts could not be begun
 * - `record`: what became of an execution could not be written where lists are read
 */
export const deadLetterKinds = ['execution', 'step', 'event', 'record'] as const

/** Dead letters that one request may name. */
export const maxBulkDeadLetters = 100
