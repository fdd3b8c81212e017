import { z } from 'zod'
import { contactLimitBounds } from './facts/contact-limits.ts'

/**
 * How much may happen to one contact over all workflows of the organization. Decided where an event that names the
 * contact would begin an execution; null is no limit.
 */
export const ContactLimits = z
  .strictObject({
    executions: z
      .strictObject({
        limit: z.int().min(1).max(contactLimitBounds.executions),
        windowMs: z.int().min(contactLimitBounds.leastMs).max(contactLimitBounds.mostMs),
      })
      .nullable()
      .describe('So many executions begin for one contact within any stretch of `windowMs`. Null: no limit.'),
  })
  .meta({ id: 'ContactLimits' })
export type ContactLimits = z.infer<typeof ContactLimits>
