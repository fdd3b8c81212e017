import type { ExecutionHeader } from '../execution/execution-header.ts'
import type { ReadyVersion } from '../plans.ts'

/** What a header says of the version its execution is pinned to. */
export function pinnedTo({
  organizationId,
  workflow,
  version,
  graph,
  calendars,
}: ReadyVersion): Pick<ExecutionHeader, 'organizationId' | 'workflow' | 'version' | 'graph' | 'calendars'> {
  return { organizationId, workflow, version, graph, ...(calendars !== undefined && { calendars }) }
}
