import type { WorkflowId } from '../../contract/id.ts'
import type { PublishRequest, VersionSummary } from '../../contract/workflow.ts'
import { appError } from '../../lib/app-error.ts'
import { newId } from '../../lib/id.ts'
import { toJson } from '../../lib/to-json.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import { findMissingCalendars } from '../calendars/find-missing-calendars.ts'
import type { Context } from '../context.ts'
import { listenersOf } from './draft.ts'
import { eventWaitsOf } from './event-waits-of.ts'
import { findProblems, hasErrors } from './find-problems.ts'
import { findUnfitSecrets } from './find-unfit-secrets.ts'
import { requireWorkflow } from './require-workflow.ts'

/** How often a publish looks again because somebody saved in between. */
const maxAttempts = 5

/**
 * Freezes the draft as the next version and makes it live. Publishing what is live already gives the live version.
 * `revision` publishes that draft and no other. Throws `workflow.invalid` with the problems, `workflow.conflict`,
 * `workflow.archived`.
 */
export async function publishWorkflow(
  context: Pick<
    Context,
    | 'scope'
    | 'workflows'
    | 'versions'
    | 'hooks'
    | 'calendars'
    | 'variables'
    | 'vault'
    | 'nodes'
    | 'runtime'
    | 'now'
    | 'noteEventWaits'
  >,
  id: WorkflowId,
  { note = '' }: PublishRequest,
  revision?: number,
): Promise<VersionSummary> {
  const { scope, workflows, versions, hooks, runtime, now } = context
  requireCapability(scope, 'workflow.publish')

  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const [stored, addresses] = await Promise.all([requireWorkflow(workflows, id), hooks.list(id)])
    if (stored.summary.status === 'archived') throw appError('workflow.archived')
    if (revision !== undefined && stored.revision !== revision) {
      throw appError('workflow.conflict', { details: { revision: stored.revision } })
    }
    const live = stored.publishedHash === stored.graphHash ? stored.publishedVersionId : undefined
    const versionId = live ?? newId('version', now().getTime())
    if (live === undefined) {
      const problems = [
        ...(await findProblems(context, stored.graph, addresses)),
        ...(await findMissingCalendars(context, stored.graph)),
        ...(await findUnfitSecrets(context, id, stored.graph)),
      ]
      if (hasErrors(problems)) throw appError('workflow.invalid', { details: { problems: toJson(problems) } })
      const published = await versions.publish({
        id: versionId,
        workflowId: id,
        revision: stored.revision,
        note,
        listeners: listenersOf(stored.graph),
        at: now(),
      })
      if (!published) continue
    }
    // Before anybody is told of the new routes: from then on the events are kept that executions may wait for.
    await context.noteEventWaits(eventWaitsOf(stored.graph))
    // Also when nothing was to be done: the call before may have failed between the commit and this line.
    await runtime.routesChanged(scope.organizationId)
    const version = await versions.find(id, versionId)
    if (version === undefined) throw appError('workflow.not_found')
    const { graph: _, ...summary } = version
    return summary
  }
  throw appError('workflow.conflict')
}
