/** What a generator is asked to do: as many requests as it can, each connection one at a time. */
export interface Load {
  url: string
  /** Names the requests' bodies, so that no two of a whole bench are equal. */
  label: string
  connections: number
  /** Ends after so many ms, or so many requests, whichever is first. What is under way is waited for. */
  durationMs?: number
  requests?: number
  /** A header of good answers whose values are wanted. */
  collect?: string
}

/** What came of it. */
export interface Outcome {
  /** Good answers (2xx). */
  done: number
  /** From the first request to the last answer. */
  elapsedMs: number
  latencyMs: { p50: number; p95: number; p99: number; max: number }
  /** Bad answers by what they were, such as `503` or `ECONNRESET`. */
  errors: Record<string, number>
  /** An answer of each kind that was bad, to see what it said. */
  samples: Record<string, string>
  collected: string[]
}
