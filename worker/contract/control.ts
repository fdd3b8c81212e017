import { z } from 'zod'
import { ExecutionStatus, TriggerKind } from './execution.ts'
import { ContactId, EventId, ExecutionId, WorkflowId } from './id.ts'

const path = z.string().min(1).max(2_000)

/** Names a step of an execution by its path, such as `each[3].send#2`. */
export const StepRequest = z.strictObject({ path }).meta({ id: 'StepRequest' })
export type StepRequest = z.infer<typeof StepRequest>

/** The step at `path` ends, and the execution goes on at the node `to` instead. */
export const JumpRequest = z.strictObject({ path, to: z.string().min(1).max(200) }).meta({ id: 'JumpRequest' })
export type JumpRequest = z.infer<typeof JumpRequest>

/** So many executions at a time. */
export const maxBulkExecutions = 100

export const bulkActions = ['pause', 'resume', 'cancel', 'retry'] as const
export const BulkAction = z.enum(bulkActions).meta({ id: 'BulkExecutionAction' })
export type BulkAction = z.infer<typeof BulkAction>

/** Which executions: all filters hold, newest first, as in the list. */
export const BulkFilter = z
  .strictObject({
    workflowId: WorkflowId.optional(),
    /** Those to which the action can apply, when it is left out. */
    status: z.array(ExecutionStatus).min(1).optional(),
    trigger: TriggerKind.optional(),
    eventId: EventId.optional(),
    contactId: ContactId.optional(),
    after: z.iso.datetime({ offset: true }).optional(),
    before: z.iso.datetime({ offset: true }).optional(),
  })
  .meta({ id: 'BulkExecutionFilter' })
export type BulkFilter = z.infer<typeof BulkFilter>

export const BulkExecutionsRequest = z
  .strictObject({
    action: BulkAction,
    ids: z.array(ExecutionId).min(1).max(maxBulkExecutions).optional(),
    filter: BulkFilter.optional(),
    /** Why they are cancelled. */
    reason: z.string().max(500).optional(),
  })
  .refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), 'Send either ids or a filter.')
  .meta({ id: 'BulkExecutionsRequest' })
export type BulkExecutionsRequest = z.infer<typeof BulkExecutionsRequest>

/** With which of them it was done, and why not with the others. `more`: the filter meets more than one request takes. */
export const BulkExecutionsResult = z
  .strictObject({
    done: z.array(ExecutionId),
    refused: z.array(z.strictObject({ id: ExecutionId, code: z.string(), message: z.string() })),
    more: z.boolean(),
  })
  .meta({ id: 'BulkExecutionsResult' })
export type BulkExecutionsResult = z.infer<typeof BulkExecutionsResult>
