import { z } from 'zod'

/** Bounds of what an organization can say. Lengths of time in ms. */
export const contactLimitBounds = { executions: 1_000, leastMs: 60_000, mostMs: 31 * 86_400_000 } as const

/**
 * How much may happen to one contact over all workflows of the organization. Decided where an event that names the
 * contact would begin an execution; null is no limit.
 */
export const ContactLimits = z
  .strictObject({
    /** So many executions begin for one contact within any stretch of `windowMs`. */
    executions: z
      .strictObject({
        limit: z.int().min(1).max(contactLimitBounds.executions),
        windowMs: z.int().min(contactLimitBounds.leastMs).max(contactLimitBounds.mostMs),
      })
      .nullable(),
  })
  .meta({ id: 'ContactLimits' })
export type ContactLimits = z.infer<typeof ContactLimits>

/** The limits of an organization that has set none. */
export const noContactLimits: ContactLimits = { executions: null }
