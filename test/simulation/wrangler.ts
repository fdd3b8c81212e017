// wrangler: what `wrangler.toml` says about objects and queues, so that the simulation has no opinion of its own

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/paths.ts'
import type { QueueSettings } from './platform/queues.ts'

const text = readFileSync(join(root, 'wrangler.toml'), 'utf8')

/** The tables under a heading, such as `[[queues.consumers]]`. */
function tables(heading: string): Record<string, string>[] {
  const found: Record<string, string>[] = []
  let open: Record<string, string> | undefined
  for (const line of text.split('\n')) {
    if (line.startsWith('[')) {
      open = line.trim() === heading ? {} : undefined
      if (open !== undefined) found.push(open)
    }
    const [, key, value] = /^(\w+) = "?([^"#]*)"?/.exec(line) ?? []
    if (open !== undefined && key !== undefined && value !== undefined) open[key] = value.trim()
  }
  return found
}

/** Bindings of Durable Objects with the class behind each. */
export const objectBindings = tables('[[durable_objects.bindings]]').map(({ name = '', class_name = '' }) => ({
  binding: name,
  className: class_name,
}))

const producers = new Map(tables('[[queues.producers]]').map(({ binding = '', queue = '' }) => [queue, binding]))

/** What a queue's consumer is told. */
export interface Consumer {
  queue: string
  maxBatchSize: number
  maxBatchTimeoutS: number
  maxRetries: number
  /** In seconds. */
  retryDelay: number
  deadLetterQueue?: string
}

export const consumers = tables('[[queues.consumers]]').map((consumer): Consumer => {
  const deadLetterQueue = consumer['dead_letter_queue']
  return {
    queue: consumer['queue'] ?? '',
    maxBatchSize: Number(consumer['max_batch_size'] ?? 10),
    maxBatchTimeoutS: Number(consumer['max_batch_timeout'] ?? 5),
    maxRetries: Number(consumer['max_retries'] ?? 3),
    retryDelay: Number(consumer['retry_delay'] ?? 0),
    ...(deadLetterQueue !== undefined && { deadLetterQueue }),
  }
})

export const queueSettings = consumers.map(
  ({ queue, maxBatchSize, maxRetries, retryDelay, deadLetterQueue }): QueueSettings => ({
    name: queue,
    binding: producers.get(queue),
    maxBatch: maxBatchSize,
    maxRetries,
    retryDelayMs: retryDelay * 1_000,
    deadLetters: deadLetterQueue,
  }),
)
