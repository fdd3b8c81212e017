import type { QueuePlace } from '../../contract/concurrency.ts'
import type { Execution, ExecutionSummary } from '../../contract/execution.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { JournalEntry } from '../../engine/event.ts'
import type { Env } from '../../env.ts'
import { toExecution } from '../../usecases/executions/execution-view.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { findAccepted } from '../inbox/find-accepted.ts'
import { findQueuePlace, placeId } from '../gate/gates.ts'

/** An execution as its object, or the inbox in which its event lies, knows it; undefined where neither does. */
export async function findExecution(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
): Promise<Execution | undefined> {
  const text = await executionOf(env, organizationId, id).view(organizationId)
  if (text !== undefined) return placed(env, organizationId, JSON.parse(text) as Execution)
  const accepted = await findAccepted(env, organizationId, id)
  if (accepted === undefined) return undefined
  const execution = toExecution(accepted.facts, accepted.entries)
  return accepted.entries.length === 0 ? { ...execution, triggerData: accepted.triggerData } : execution
}

/** With how it stands at the gate at which it waits. */
async function placed<Shown extends Pick<ExecutionSummary, 'id' | 'workflowId' | 'generation' | 'queue'>>(
  env: Env,
  organizationId: OrganizationId,
  shown: Shown,
): Promise<Shown> {
  const { id, workflowId, generation, queue } = shown
  if (queue === undefined) return shown
  const ref = { gate: queue.gate, key: queue.key ?? null }
  return {
    ...shown,
    queue: await findQueuePlace(env, {
      organizationId,
      workflowId,
      id: placeId({ executionId: id }, generation),
      ref,
    }),
  }
}

/** How those of the executions that are queued stand at their gates, by id. One that cannot be asked is missing. */
export async function findQueuePlaces(
  env: Env,
  organizationId: OrganizationId,
  ids: readonly ExecutionId[],
): Promise<Map<ExecutionId, QueuePlace>> {
  const found = await Promise.allSettled(
    ids.map(async (id) => {
      const text = await executionOf(env, organizationId, id).waitsAt(organizationId)
      if (text === undefined) return undefined
      const at = JSON.parse(text) as Pick<ExecutionSummary, 'workflowId' | 'generation' | 'queue'>
      return [id, (await placed(env, organizationId, { ...at, id })).queue!] as const
    }),
  )
  return new Map(found.flatMap((each) => (each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [])))
}

/** The journal of an execution that `findExecution` finds. */
export async function findJournal(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
): Promise<JournalEntry[] | undefined> {
  const text = await executionOf(env, organizationId, id).journal(organizationId)
  if (text !== undefined) return JSON.parse(text) as JournalEntry[]
  return (await findAccepted(env, organizationId, id))?.entries
}
