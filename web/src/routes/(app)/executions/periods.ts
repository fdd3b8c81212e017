const hour = 3_600_000

/** How far back the list of executions can be asked to reach. */
export const periods = [
  { value: '1h', label: 'Last hour', ms: hour },
  { value: '24h', label: 'Last 24 hours', ms: 24 * hour },
  { value: '7d', label: 'Last 7 days', ms: 7 * 24 * hour },
  { value: '30d', label: 'Last 30 days', ms: 30 * 24 * hour },
] as const
