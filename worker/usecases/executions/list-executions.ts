import type { Page } from '../../contract/error.ts'
import type { ExecutionListQuery, ExecutionSummary } from '../../contract/execution.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { withoutData } from './without-data.ts'

/**
 * Executions of the workflows the caller sees, newest first. Those that are queued say how they stand. A caller
 * who may not read data gets none in the failures either, nor in the keys of queues.
 */
export async function listExecutions(
  { scope, executions, runtime }: Pick<Context, 'scope' | 'executions' | 'runtime'>,
  query: ExecutionListQuery,
): Promise<Page<ExecutionSummary>> {
  requireCapability(scope, 'execution.read')
  const page = await (await executions()).list(query)
  const queued = page.items.filter(({ status }) => status === 'queued').map(({ id }) => id)
  const places = queued.length === 0 ? undefined : await runtime.findQueuePlaces(scope.organizationId, queued)
  const items = page.items.map((item) => {
    const queue = places?.get(item.id)
    return queue === undefined ? item : { ...item, queue }
  })
  return { ...page, items: scope.capabilities.has('execution.read_payload') ? items : items.map(bare) }
}

function bare({ failure, queue, ...rest }: ExecutionSummary): ExecutionSummary {
  return {
    ...rest,
    ...(queue !== undefined && { queue: withoutKey(queue) }),
    ...(failure !== undefined && { failure: withoutData(failure) }),
  }
}

function withoutKey({ key: _, ...queue }: NonNullable<ExecutionSummary['queue']>): ExecutionSummary['queue'] {
  return queue
}
