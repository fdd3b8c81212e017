import { z } from 'zod'
import { tapLimits } from './facts/tap.ts'
import { TapId } from './id.ts'
import { EventTrigger, WebhookTrigger } from './trigger.ts'

const instant = z.iso.datetime()

/**
 * Somebody who listens at a trigger for something to test with: the next request that is taken at a webhook, or the next event of the
 * type that a step asks for, is copied to them.
 */
export const Tap = z
  .strictObject({
    id: TapId,
    nodeId: z.string(),
    /** The webhook's one address: the same that is live once the workflow is published. Absent where events are listened for. */
    url: z.url().optional(),
    /** When nobody listens any more, if nothing came. */
    expiresAt: instant,
  })
  .meta({ id: 'Tap' })
export type Tap = z.infer<typeof Tap>

/** A request or event that came and was not taken: what its sender was told. Nothing of what was in it. */
export const TapRefusal = z
  .strictObject({
    at: instant,
    method: z.string(),
    status: z.int(),
    code: z.string(),
    message: z.string(),
    /** Why its sender was not believed, such as `wrong_signature`. */
    reason: z.string().optional(),
  })
  .meta({ id: 'TapRefusal' })
export type TapRefusal = z.infer<typeof TapRefusal>

/** What has come: `refused` are the latest, oldest first. */
export const TapNews = z
  .discriminatedUnion('state', [
    z.strictObject({ state: z.literal('listening'), refused: z.array(TapRefusal), expiresAt: instant }),
    z.strictObject({
      state: z.literal('received'),
      refused: z.array(TapRefusal),
      receivedAt: instant,
      /**
       * `started`: it was taken by the live workflow as always. `duplicate`: by that too, and was the same event as one
       * before. `test`: nothing listens but you, and it started nothing. `accepted`: an event, taken as always for whichever
       * workflows are live and listen to its type.
       */
      outcome: z.enum(['started', 'duplicate', 'test', 'accepted']),
      /** What a workflow reads as `trigger`. */
      trigger: z.union([WebhookTrigger, EventTrigger]),
      /** Of an event: whether it meets the conditions of the draft's step. One that does not would not start it. */
      meetsConditions: z.boolean().optional(),
    }),
    /** The time is over, or others listen in its place. */
    z.strictObject({ state: z.literal('over'), refused: z.array(TapRefusal) }),
  ])
  .meta({ id: 'TapNews' })
export type TapNews = z.infer<typeof TapNews>

/** `GET …/taps/{tapId}`: answered as soon as there is something new. */
export const TapQuery = z.strictObject({
  after: instant
    .optional()
    .meta({ description: 'Refusals until then are known to the caller: only one that came later is news.' }),
  waitMs: z.coerce
    .number()
    .int()
    .min(0)
    .max(tapLimits.waitMs)
    .default(tapLimits.waitMs)
    .meta({ description: 'How long the answer waits for news.' }),
})
export type TapQuery = z.infer<typeof TapQuery>
