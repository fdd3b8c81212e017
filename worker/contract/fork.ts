import { z } from 'zod'
import { Execution, ExecutionStatus } from './execution.ts'
import { ExecutionId, UserId, VersionId } from './id.ts'
import { Json } from './json.ts'
import { PretendStep } from './workflow-test.ts'

const path = z.string().min(1).max(2_000)
const name = z.string().min(1).max(200)

/**
 * Data that is different from here on. What is finished stays finished: steps that come now read what is edited, and the
 * journal keeps what was. Steps are named by their paths, iterations as `each[3]`.
 */
export const ExecutionEdits = z
  .strictObject({
    /** The trigger's data, whole. */
    trigger: Json.optional(),
    /** Variables of the execution; those that are not named stay. */
    variables: z.record(name, Json).optional(),
    /** What finished steps gave, whole. */
    outputs: z.record(path, Json).optional(),
    /** The item of an iteration that has begun or is to begin. */
    items: z.record(path, Json).optional(),
    /** With what steps are called that begin now, in the place of what their expressions give. */
    inputs: z.record(path, Json).optional(),
  })
  .meta({ id: 'ExecutionEdits' })
export type ExecutionEdits = z.infer<typeof ExecutionEdits>

/** `POST /executions/:id/retry`. */
export const RedriveRequest = z
  .strictObject({ edits: ExecutionEdits.optional().describe('Data that is different from here on.') })
  .meta({ id: 'RetryExecutionRequest' })
export type RedriveRequest = z.infer<typeof RedriveRequest>

/** `real`: calls are made; `pretend`: nothing goes out, and it is played to its end at once. */
export const ForkEffects = z.enum(['real', 'pretend']).meta({ id: 'ForkEffects' })
export type ForkEffects = z.infer<typeof ForkEffects>

/** `POST /executions/:id/fork`. */
export const ForkRequest = z
  .strictObject({
    from: path.describe('The path of the step (or the iteration, as `each[3]`) from which it is executed again.'),
    effects: ForkEffects.describe(
      '`real`: calls are made. `pretend`: nothing goes out, and it is played to its end at once.',
    ),
    version: z
      .union([z.enum(['same', 'latest']), VersionId])
      .default('same')
      .describe(
        'The version it goes on with: that of the execution (`same`), the live one (`latest`), or any other of the workflow by its id.',
      ),
    edits: ExecutionEdits.optional().describe('Data that is different from there on.'),
    steps: z
      .record(name, PretendStep)
      .optional()
      .describe(
        'Of a pretended fork: what steps give, by the id of their node. Others give what they gave then, or else their example.',
      ),
  })
  .refine(({ effects, steps }) => steps === undefined || effects === 'pretend', {
    path: ['steps'],
    message: 'are for forks with pretended effects',
  })
  .meta({ id: 'ForkRequest' })
export type ForkRequest = z.infer<typeof ForkRequest>

/** A fork, durable before anybody is told so. */
export const ForkedExecution = z
  .strictObject({
    executionId: ExecutionId,
    /** The same Idempotency-Key and request were sent before: this is the fork of that time. */
    duplicate: z.boolean(),
    /** Of a pretended fork: it has ended. */
    execution: Execution.optional(),
  })
  .meta({ id: 'ForkedExecution' })
export type ForkedExecution = z.infer<typeof ForkedExecution>

/** One execution of a tree of forks. The first, which is nobody's fork, has no `origin`. */
export const ForkTreeNode = z
  .strictObject({
    executionId: ExecutionId,
    /** Absent for a moment after it began. */
    status: ExecutionStatus.optional(),
    versionNumber: z.int().optional(),
    origin: z
      .strictObject({
        executionId: ExecutionId,
        /** The step from which it was executed again. */
        path: z.string(),
        effects: ForkEffects,
        by: z.strictObject({ userId: UserId, name: z.string().optional() }),
        at: z.iso.datetime(),
        /** What was edited, in words such as `trigger` and `outputs.score`. */
        edited: z.array(z.string()),
      })
      .optional(),
  })
  .meta({ id: 'ForkTreeNode' })
export type ForkTreeNode = z.infer<typeof ForkTreeNode>

/** `GET /executions/:id/tree`: the execution that was forked first and all forks, oldest first. */
export const ForkTree = z
  .strictObject({ rootId: ExecutionId, nodes: z.array(ForkTreeNode), more: z.boolean() })
  .meta({ id: 'ForkTree' })
export type ForkTree = z.infer<typeof ForkTree>
