/** What one simulation may take. Beyond `steps` and `bytes` it is refused as `simulation.too_large`. */
export const simulateLimits = {
  contacts: 10_000,
  days: 365,
  /** Steps of all executions together. */
  steps: 250_000,
  /** Bytes that all executions under way hold together, as JSON. */
  bytes: 48 * 1024 * 1024,
  fields: 50,
} as const
