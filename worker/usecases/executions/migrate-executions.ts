import type { ExecutionId, WorkflowId } from '../../contract/id.ts'
import type { MigrationPreview, MigrationReason, MigrationRequest, MigrationResult } from '../../contract/migration.ts'
import { maxMigrations } from '../../contract/facts/migration.ts'
import { appError } from '../../lib/app-error.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import type { MigrationAnswer } from '../ports.ts'
import { requireWorkflow } from '../workflows/require-workflow.ts'

type Needs = Pick<Context, 'scope' | 'workflows' | 'versions' | 'executions' | 'runtime' | 'recordDeed'>

/** So many at a time: each is asked by itself. */
const atOnce = 5

/** Which executions that wait can go on with another version, and why the rest cannot. Changes nothing. */
export async function previewMigration(
  context: Needs,
  workflowId: WorkflowId,
  request: MigrationRequest,
): Promise<MigrationPreview> {
  const { to, candidates, nextCursor } = await find(context, workflowId, request)
  const preview: MigrationPreview = { to, movable: [], stuck: [], ...(nextCursor !== undefined && { nextCursor }) }
  await forEach(candidates, async ({ id, status, versionNumber }) => {
    const answer = await ask(context, id, workflowId, request, true)
    const waitsAt = 'waitsAt' in answer ? answer.waitsAt : []
    const shown = { id, status, versionNumber, waitsAt }
    const reasons = reasonsOf(answer)
    if (reasons.length > 0) preview.stuck.push({ ...shown, reasons })
    else if (answer.kind === 'movable') preview.movable.push(shown)
  })
  return preview
}

/**
 * Moves executions that wait to another version, each by itself; its journal says so, and by whom. Asked again, it finds
 * those that are left. At most `maxMigrations` at a time.
 */
export async function migrateExecutions(
  context: Needs,
  workflowId: WorkflowId,
  request: MigrationRequest,
): Promise<MigrationResult> {
  const { to, candidates, nextCursor } = await find(context, workflowId, request)
  await context.recordDeed({
    action: 'workflow.migrated',
    targetId: workflowId,
    details: { to: to.id, number: to.number, count: candidates.length },
  })
  const result: MigrationResult = { to, moved: [], stuck: [], ...(nextCursor !== undefined && { nextCursor }) }
  await forEach(candidates, async ({ id }) => {
    const answer = await ask(context, id, workflowId, request, false)
    const reasons = reasonsOf(answer)
    if (reasons.length > 0) result.stuck.push({ id, reasons })
    else result.moved.push(id)
  })
  return result
}

async function find(context: Needs, workflowId: WorkflowId, { to, ids, cursor }: MigrationRequest) {
  const { scope, workflows, versions } = context
  requireCapability(scope, 'execution.migrate')
  await requireWorkflow(workflows, workflowId)
  const version = await versions.find(workflowId, to)
  if (version === undefined) throw appError('version.not_found')
  const target = { id: version.id, number: version.number }
  const store = await context.executions()
  if (ids !== undefined) {
    const known = await store.listSummaries([...new Set(ids)])
    return {
      to: target,
      candidates: known.filter((summary) => summary.workflowId === workflowId),
      nextCursor: undefined,
    }
  }
  const { items, nextCursor } = await store.listWaitingElsewhere(workflowId, to, { cursor, limit: maxMigrations })
  return { to: target, candidates: items, nextCursor: nextCursor === undefined ? undefined : items.at(-1)?.id }
}

function ask(
  { scope, runtime }: Needs,
  id: ExecutionId,
  workflowId: WorkflowId,
  { to: versionId }: MigrationRequest,
  preview: boolean,
): Promise<MigrationAnswer> {
  return runtime.migrate(scope.organizationId, id, { by: scope.userId, workflowId, versionId, preview })
}

/** In their order, a few at a time. */
async function forEach<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) await Promise.all(items.slice(from, from + atOnce).map(act))
}

/** Why it cannot move; nothing when it can, has, or is there already. */
function reasonsOf(answer: MigrationAnswer): MigrationReason[] {
  switch (answer.kind) {
    case 'movable':
    case 'moved':
    case 'already':
      return []
    case 'over':
      return [{ code: 'finished', message: 'It has finished.' }]
    case 'busy':
      return [{ code: 'busy', message: 'It is in the middle of something: it moves only while it waits.' }]
    case 'misfit':
      return answer.misfits
    default:
      return unreachable(answer)
  }
}
