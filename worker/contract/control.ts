import { z } from 'zod'
import { ExecutionStatus, TriggerKind } from './execution.ts'
import { bulkActions, isStepAction, maxBulkExecutions } from './facts/control.ts'
import { ContactId, EventId, ExecutionId, WorkflowId } from './id.ts'

const path = z.string().min(1).max(2_000)
const nodeId = z.string().min(1).max(200)

/** Names a step of an execution by its path, such as `each[3].send#2`. */
export const StepRequest = z
  .strictObject({ path: path.describe('The path of the step, such as `each[3].send#2`.') })
  .meta({ id: 'StepRequest' })
export type StepRequest = z.infer<typeof StepRequest>

/** The step at `path` ends, and the execution goes on at the node `to` instead. */
export const JumpRequest = z
  .strictObject({
    path: path.describe('The path of the step that ends.'),
    to: nodeId.describe('The node at which the execution goes on instead.'),
  })
  .meta({ id: 'JumpRequest' })
export type JumpRequest = z.infer<typeof JumpRequest>

/** What is done to many executions at once. */
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

/** `POST /executions/bulk`: executions by their ids, or all for which a filter holds; never both. */
export const BulkExecutionsRequest = z
  .strictObject({
    action: BulkAction.describe('What is done to each of them.'),
    ids: z
      .array(ExecutionId)
      .min(1)
      .max(maxBulkExecutions)
      .optional()
      .describe('Which executions. Either these or a filter.'),
    filter: BulkFilter.optional().describe('All executions that it meets, the newest first.'),
    cursor: ExecutionId.optional().describe('For a filter: the `nextCursor` of the answer before.'),
    reason: z.string().max(500).optional().describe('Why they are cancelled.'),
    node: nodeId.optional().describe('Of `skipStep`, `retryStep` and `jump`: the node at which they stand.'),
    to: nodeId.optional().describe('Of `jump`: the node at which they go on.'),
  })
  .superRefine(({ action, ids, filter, cursor, node, to }, context) => {
    const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if ((ids === undefined) === (filter === undefined)) wrong('filter', 'Send either ids or a filter.')
    if (cursor !== undefined && filter === undefined) wrong('cursor', 'Only a filter goes on from a cursor.')
    if ((node !== undefined) !== isStepAction(action)) {
      wrong('node', node === undefined ? `${action} needs the node at which they stand.` : `${action} takes no node.`)
    }
    if ((to !== undefined) !== (action === 'jump')) {
      wrong('to', to === undefined ? 'jump needs the node to go on at.' : `${action} goes on nowhere else.`)
    }
    // Ids of nodes mean something within a workflow only.
    if (node !== undefined && filter !== undefined && filter.workflowId === undefined) {
      wrong('filter', 'Name the workflow whose node it is.')
    }
  })
  .meta({ id: 'BulkExecutionsRequest' })
export type BulkExecutionsRequest = z.infer<typeof BulkExecutionsRequest>

/**
 * With which of them it was done, and why not with the others. `more`: the filter meets more than one request takes; asked
 * with `nextCursor` the next ones follow.
 */
export const BulkExecutionsResult = z
  .strictObject({
    done: z.array(ExecutionId),
    refused: z.array(z.strictObject({ id: ExecutionId, code: z.string(), message: z.string() })),
    /** How many that the filter meets do not stand at the node. */
    elsewhere: z.int(),
    more: z.boolean(),
    nextCursor: ExecutionId.optional(),
  })
  .meta({ id: 'BulkExecutionsResult' })
export type BulkExecutionsResult = z.infer<typeof BulkExecutionsResult>
