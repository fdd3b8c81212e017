import { consumers, type Consumer } from '../simulation/wrangler.ts'

/** A message waits no longer than this for others to share its batch, in seconds. */
const patienceS = 0.1

/**
 * The consumers of `wrangler.toml`, as Miniflare takes them. Records wait a second there, and so would whoever looks for one in a
 * test.
 */
export const impatientConsumers = Object.fromEntries(
  consumers.map(({ queue, maxBatchTimeoutS, ...consumer }: Consumer) => [
    queue,
    { ...consumer, maxBatchTimeout: Math.min(maxBatchTimeoutS, patienceS) },
  ]),
)
