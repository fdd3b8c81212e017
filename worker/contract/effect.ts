import { z } from 'zod'
import { effectStates } from './facts/effect.ts'
import { Failure } from './failure.ts'
import { ExecutionId } from './id.ts'
import { Json } from './json.ts'

/**
 * What became of an effect. `deferred`: it is held back and will be sent; `failed`: it was answered, and did not succeed;
 * `not_sent`: it cannot have gone out whole, in any attempt; `unknown`: it may have happened, no whole answer came;
 * `recalled`: nothing was sent, an earlier result was good.
 */
export const EffectState = z.enum(effectStates).meta({ id: 'EffectState' })
export type EffectState = z.infer<typeof EffectState>

const instant = z.iso.datetime()

/** One effect of an execution on the outside: a step in one try of the execution. Times are ISO 8601. */
export const Effect = z
  .strictObject({
    path: z.string(),
    nodeId: z.string(),
    /** The try of the execution that sent it. A later try that sends it again has an entry and a key of its own. */
    generation: z.int(),
    state: EffectState,
    /** A later try of the execution began and did not repeat it. */
    kept: z.boolean(),
    /** It undoes the effect of the step at this path. */
    undoes: z.string().optional(),
    /** The execution failed, and what it did was undone. */
    undone: z.literal(true).optional(),
    /** Sent by the error handler. */
    inHandler: z.literal(true).optional(),
    /** The execution that did it, of which this one is a fork: already done there, and not repeated here. */
    doneBy: ExecutionId.optional(),
    /** Nothing was sent: what came back was made up. */
    pretended: z.boolean().optional(),
    /** Sent with every attempt. Absent when nothing was sent. */
    idempotencyKey: z.string().optional(),
    /** The address, where the step was given one. */
    to: z.string().optional(),
    /** What was sent, credentials masked. */
    input: Json,
    /** What came back. */
    output: Json.optional(),
    attempts: z.array(
      z.strictObject({
        attempt: z.int(),
        at: instant,
        endedAt: instant.optional(),
        outcome: z.enum(['in_flight', 'succeeded', 'failed', 'not_sent', 'unknown']),
        failure: Failure.optional(),
      }),
    ),
  })
  .meta({ id: 'Effect' })
export type Effect = z.infer<typeof Effect>

/** `GET /executions/:id/effects`: all an execution did outside, in the order in which it began. */
export const EffectLedger = z
  .strictObject({ executionId: ExecutionId, generation: z.int(), effects: z.array(Effect) })
  .meta({ id: 'EffectLedger' })
export type EffectLedger = z.infer<typeof EffectLedger>
