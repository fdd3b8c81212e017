import type { Generator } from './load/start-generator.ts'
import { startReference } from './reference.ts'

/**
 * Requests a second to a Worker that does nothing, as Miniflare serves it when nothing is said. The product and `ping` have
 * sockets of their own; this is what one would get without, and what figures published for Miniflare mean.
 */
export async function benchEntrance(generator: Generator, durationMs: number): Promise<number> {
  const { entrance, stop } = await startReference()
  try {
    const load = { url: entrance, label: 'entrance', connections: 50 }
    await generator.perform({ ...load, durationMs: durationMs / 2 })
    const { done, elapsedMs } = await generator.perform({ ...load, durationMs })
    return (done * 1_000) / elapsedMs
  } finally {
    await stop()
  }
}
