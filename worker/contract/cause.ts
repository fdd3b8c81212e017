import { z } from 'zod'
import { ApiKeyId, ExecutionId, UserId, WorkflowId } from './id.ts'

/** Who did something: a member, a program with a member's key, or a step of an execution. */
export const Author = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('member'), userId: UserId }),
    z.strictObject({ kind: z.literal('apiKey'), userId: UserId, apiKeyId: ApiKeyId }),
    z.strictObject({
      kind: z.literal('execution'),
      executionId: ExecutionId,
      workflowId: WorkflowId,
      /** The step's path, such as `update` or `each[3].update`. */
      step: z.string(),
    }),
  ])
  .meta({ id: 'Author' })
export type Author = z.infer<typeof Author>

/**
 * Which chain of events and executions something belongs to. `root` is the event that began it; `path` lists the
 * workflows it went through since, in order, each as often as it executed. Nothing went before at depth 0. `senders`: the
 * members who sent or caused events on its way, themselves or by a key; at most ten, absent where nobody is known.
 */
export const Chain = z
  .strictObject({
    root: z.string(),
    depth: z.int().min(0),
    path: z.array(WorkflowId),
    senders: z.array(UserId).optional(),
  })
  .meta({ id: 'Chain' })
export type Chain = z.infer<typeof Chain>

/** Why an event of ours happened: who caused it, and in which chain. */
export const Cause = Chain.extend({ by: Author }).meta({ id: 'Cause' })
export type Cause = z.infer<typeof Cause>
