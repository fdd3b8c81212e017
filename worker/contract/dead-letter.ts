import { z } from 'zod'
import { deadLetterKinds, maxBulkDeadLetters } from './facts/dead-letter.ts'
import { Failure } from './failure.ts'
import { EventId, ExecutionId, WorkflowId } from './id.ts'
import { Json } from './json.ts'
import { Cursor, PageLimit } from './page-query.ts'

/** What a dead letter is of. */
export const DeadLetterKind = z.enum(deadLetterKinds).meta({ id: 'DeadLetterKind' })
export type DeadLetterKind = z.infer<typeof DeadLetterKind>

/** A dead letter is named by what it speaks of: the execution, or the event. */
export const DeadLetterId = z
  .union([ExecutionId, EventId])
  .meta({ id: 'DeadLetterId', description: 'The id of what was given up: of an execution, or of an event.' })
export type DeadLetterId = z.infer<typeof DeadLetterId>

const instant = z.iso.datetime()

/** One thing that was given up, in a list. `attempts` counts tries of the whole, not of its steps. */
export const DeadLetterSummary = z
  .strictObject({
    id: DeadLetterId,
    kind: DeadLetterKind,
    reason: Failure,
    attempts: z.int(),
    firstAt: instant,
    lastAt: instant,
    /** Absent for an event that may start any workflow, or none. */
    workflowId: WorkflowId.optional(),
    workflowName: z.string().optional(),
  })
  .meta({ id: 'DeadLetterSummary' })
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>

const NamedStep = z.strictObject({ path: z.string(), nodeId: z.string(), name: z.string() })

/** With what it carried, the steps that failed, and those whose effects could not be undone. */
export const DeadLetter = DeadLetterSummary.extend({
  /** The trigger's data of an execution or event; a record as it would have been written. */
  payload: Json,
  steps: z.array(
    NamedStep.extend({
      attempts: z.int(),
      failure: Failure,
      input: Json.optional(),
      /** It was to undo this step. */
      undoes: NamedStep.optional(),
      /** It is part of the error handler. */
      inHandler: z.literal(true).optional(),
    }),
  ),
  /** Steps that were to be undone and were not: what they did is still there. */
  notUndone: z.array(NamedStep.extend({ failure: Failure.optional() })),
}).meta({ id: 'DeadLetter' })
export type DeadLetter = z.infer<typeof DeadLetter>

/** `GET /dead-letters`: the newest first. */
export const DeadLetterListQuery = z.strictObject({
  kind: DeadLetterKind.optional().describe('Only dead letters of this kind.'),
  workflowId: WorkflowId.optional().describe('Only those of this workflow.'),
  cursor: Cursor,
  limit: PageLimit,
})
export type DeadLetterListQuery = z.infer<typeof DeadLetterListQuery>

/** `data`, where it is given, takes the place of what the trigger carried. */
export const RetryDeadLetterRequest = z
  .strictObject({
    data: Json.optional().describe('What takes the place of the trigger’s data.'),
    version: z
      .enum(['same', 'published'])
      .default('same')
      .describe(
        'Of an execution that starts anew: the version it ran on (`same`), or the one that is live now (`published`).',
      ),
  })
  .meta({ id: 'RetryDeadLetterRequest' })
export type RetryDeadLetterRequest = z.infer<typeof RetryDeadLetterRequest>

/** `executionId` is the one that goes on, or the one that was started in its place. */
export const RetriedDeadLetter = z
  .strictObject({ id: DeadLetterId, executionId: ExecutionId.optional() })
  .meta({ id: 'RetriedDeadLetter' })
export type RetriedDeadLetter = z.infer<typeof RetriedDeadLetter>

/** `POST /dead-letters/bulk`. Each is retried or discarded by itself. */
export const BulkDeadLettersRequest = z
  .strictObject({
    action: z.enum(['retry', 'discard']).describe('What is done to each of them.'),
    ids: z.array(DeadLetterId).min(1).max(maxBulkDeadLetters).describe('Which dead letters.'),
  })
  .meta({ id: 'BulkDeadLettersRequest' })
export type BulkDeadLettersRequest = z.infer<typeof BulkDeadLettersRequest>

/** Which of them were done, and why the others were not. */
export const BulkDeadLettersResult = z
  .strictObject({
    done: z.array(DeadLetterId),
    refused: z.array(z.strictObject({ id: DeadLetterId, code: z.string(), message: z.string() })),
  })
  .meta({ id: 'BulkDeadLettersResult' })
export type BulkDeadLettersResult = z.infer<typeof BulkDeadLettersResult>
