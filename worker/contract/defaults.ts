import { z } from 'zod'
import { RetryPolicy } from './graph.ts'

/** What holds in all workflows of an organization that do not say otherwise. */
export const OrganizationDefaults = z
  .strictObject({
    /** When a failed call is tried again. What it leaves out is as the product has it. */
    retry: RetryPolicy,
    /** Counts changes, 0 before the first: send it as `If-Match`. */
    revision: z.int(),
  })
  .meta({ id: 'OrganizationDefaults' })
export type OrganizationDefaults = z.infer<typeof OrganizationDefaults>

/** All of it: what is left out goes back to how the product has it. */
export const SetDefaultsRequest = z
  .strictObject({
    retry: RetryPolicy.describe('When a failed call is tried again. What it leaves out is as the product has it.'),
  })
  .meta({ id: 'SetDefaultsRequest' })
export type SetDefaultsRequest = z.infer<typeof SetDefaultsRequest>
