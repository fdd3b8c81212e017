import type { WorkflowId } from '../../contract/id.ts'
import type { Workflow } from '../../contract/workflow.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { listenersOf } from './draft.ts'
import { eventWaitsOf } from './event-waits-of.ts'
import { presentChanged } from './present-workflow.ts'
import { requireWorkflow } from './require-workflow.ts'

/** How often an activation looks again because somebody published in between. */
const maxAttempts = 5

/**
 * Lets the live version start executions again. Activating an active workflow changes nothing. Throws
 * `workflow.not_published`, `workflow.archived`.
 */
export async function activateWorkflow(
  context: Pick<
    Context,
    'scope' | 'workflows' | 'versions' | 'hooks' | 'runtime' | 'now' | 'origin' | 'noteEventWaits'
  >,
  id: WorkflowId,
): Promise<Workflow> {
  const { scope, workflows, versions, runtime, now } = context
  requireCapability(scope, 'workflow.publish')

  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const present = await requireWorkflow(workflows, id)
    const { summary, publishedVersionId } = present
    if (summary.status === 'archived') throw appError('workflow.archived')
    if (publishedVersionId === undefined) throw appError('workflow.not_published')
    const version = await versions.find(id, publishedVersionId)
    if (version === undefined) throw appError('version.not_found')
    const active =
      summary.status === 'active'
        ? present
        : await workflows.move(id, {
            from: ['paused'],
            to: 'active',
            live: { versionId: version.id, listeners: listenersOf(version.graph) },
            at: now(),
            deed: { action: 'workflow.activated', targetId: id },
          })
    if (active === undefined) continue
    // They may have been forgotten while it was put away.
    await context.noteEventWaits(eventWaitsOf(version.graph))
    await runtime.routesChanged(scope.organizationId)
    return presentChanged(context, active)
  }
  throw appError('workflow.conflict')
}
