import { z } from 'zod'

/**
 * Why a step did not succeed, as data. Failures are stored in the journal and cross RPC, where an Error loses its
 * class; so whatever was thrown becomes one of these once, at the boundary, and nothing later asks for `instanceof`.
 *
 * - `terminal`: the same input will never work (bad request, expression error, refused address)
 * - `retryable`: trying again may help; `retryAfterMs` is the other side's wish (`Retry-After`)
 * - `timedOut`: the attempt, the step or the execution ran out of time; what it called may have happened
 * - `unknown`: the process died in mid-call or the call was cancelled; what it called may have happened
 */
export const Failure = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('terminal'),
      code: z.string(),
      message: z.string(),
      details: z.json().optional(),
    }),
    z.strictObject({
      kind: z.literal('retryable'),
      code: z.string(),
      message: z.string(),
      retryAfterMs: z.number().optional(),
      details: z.json().optional(),
    }),
    z.strictObject({ kind: z.literal('timedOut'), code: z.string(), message: z.string(), timeoutMs: z.number() }),
    z.strictObject({ kind: z.literal('unknown'), code: z.string(), message: z.string() }),
  ])
  .meta({ id: 'Failure', description: 'Why a step or an execution did not succeed.' })
export type Failure = z.infer<typeof Failure>
