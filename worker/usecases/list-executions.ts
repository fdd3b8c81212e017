import type { Page } from '../contract/error.ts'
import type { ExecutionListQuery, ExecutionSummary } from '../contract/execution.ts'
import { requireCapability } from '../tenancy/scope.ts'
import type { Context } from './context.ts'

/** Executions of the workflows the caller sees, newest first. Those that are queued say how they stand. */
export async function listExecutions(
  { scope, executions, runtime }: Pick<Context, 'scope' | 'executions' | 'runtime'>,
  query: ExecutionListQuery,
): Promise<Page<ExecutionSummary>> {
  requireCapability(scope, 'execution.read')
  const page = await (await executions()).list(query)
  const queued = page.items.filter(({ status }) => status === 'queued').map(({ id }) => id)
  if (queued.length === 0) return page
  const places = await runtime.findQueuePlaces(scope.organizationId, queued)
  const items = page.items.map((item) => {
    const queue = places.get(item.id)
    if (queue === undefined) return item
    // What the key gave is data of the event.
    const { key, ...bare } = queue
    return { ...item, queue: scope.capabilities.has('execution.read_payload') && key !== undefined ? queue : bare }
  })
  return { ...page, items }
}
