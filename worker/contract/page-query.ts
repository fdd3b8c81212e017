import { z } from 'zod'

/** How many entries of a list are asked for at once. */
export const PageLimit = z.coerce
  .number()
  .int()
  .min(1)
  .max(100)
  .default(50)
  .meta({ description: 'How many entries the page may have, 1 to 100.' })

/** Where a list goes on: what the page before gave. */
export const Cursor = z
  .string()
  .max(200)
  .optional()
  .meta({ description: 'The `nextCursor` of the page before; left out, the list begins.' })
