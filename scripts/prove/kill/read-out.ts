import { setTimeout as sleep } from 'node:timers/promises'
import type { Execution, ExecutionSummary } from '../../../worker/contract/execution.ts'
import { isTerminal } from '../../../worker/contract/facts/execution.ts'
import type { LeatClient } from '../../client/leat-client.ts'
import type { SeenExecution } from './evidence.ts'

/** Program names by the ids of their workflows. */
export type Workflows = ReadonlyMap<string, string>

const askEveryMs = 500
const readersAtOnce = 8

/**
 * Waits until all the named executions, and whatever else the list shows, have come to an end, and the list has not
 * changed for `stillMs`. Gives up after `withinMs`: what is not over then is the judge's to see.
 */
export async function quiesce(
  client: LeatClient,
  workflows: Workflows,
  { executionIds, stillMs, withinMs }: { executionIds: ReadonlySet<string>; stillMs: number; withinMs: number },
): Promise<void> {
  const startedAt = performance.now()
  let changedAt = startedAt
  let before = ''
  for (;;) {
    const listed = await listAll(client, workflows)
    const ids = new Set<string>(listed.map(({ id }) => id))
    const isOver = listed.every(({ status }) => isTerminal(status)) && [...executionIds].every((id) => ids.has(id))
    const now = performance.now()
    const state = listed.map(({ id, status }) => id + status).join()
    if (state !== before) changedAt = now
    before = state
    if ((isOver && now - changedAt >= stillMs) || now - startedAt > withinMs) return
    await sleep(askEveryMs)
  }
}

/** Every execution of the programs, as the API shows it. */
export async function readExecutions(client: LeatClient, workflows: Workflows): Promise<SeenExecution[]> {
  const listed = await listAll(client, workflows)
  const seen: SeenExecution[] = []
  const readers = Array.from({ length: readersAtOnce }, async () => {
    for (let next = listed.pop(); next !== undefined; next = listed.pop()) {
      seen.push(toSeen(await client.getExecution(next.id), next, workflows))
    }
  })
  await Promise.all(readers)
  return seen
}

async function listAll(client: LeatClient, workflows: Workflows): Promise<ExecutionSummary[]> {
  const lists: ExecutionSummary[] = []
  for (const workflowId of workflows.keys()) lists.push(...(await client.listAll({ workflowId })))
  return lists
}

function toSeen(execution: Execution, listed: ExecutionSummary, workflows: Workflows): SeenExecution {
  return {
    id: execution.id,
    program: workflows.get(execution.workflowId) ?? execution.workflowId,
    event: eventOf(execution.triggerData),
    status: execution.status,
    listedStatus: listed.status,
    steps: execution.steps.map(({ path, status, attempt, idempotencyKey, finishedAt }) => ({
      path,
      status,
      attempt,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(finishedAt === undefined ? {} : { finishedAt: Date.parse(finishedAt) }),
    })),
  }
}

/** A webhook has it in its body, an event in its data. */
function eventOf(triggerData: Execution['triggerData']): string {
  const { body, data } = triggerData as { body?: { event?: string }; data?: { event?: string } }
  return body?.event ?? data?.event ?? ''
}
