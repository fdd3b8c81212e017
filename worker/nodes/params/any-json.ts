import { z } from 'zod'
import type { Json } from '../../contract/json.ts'

/**
 * Any JSON value, not looked into: params come from a parsed graph and from expressions, which give nothing but JSON,
 * and walking a large value once more would cost as much as the step itself.
 */
export const anyJson: z.ZodType<Json> = z.unknown() as z.ZodType<unknown> as z.ZodType<Json>
