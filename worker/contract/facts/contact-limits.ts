import type { ContactLimits } from '../contact-limits.ts'

/** Bounds of what an organization can say. Lengths of time in ms. */
export const contactLimitBounds = { executions: 1_000, leastMs: 60_000, mostMs: 31 * 86_400_000 } as const

/** The limits of an organization that has set none. */
export const noContactLimits: ContactLimits = { executions: null }
