import { openDatabase } from '../../store/database.ts'
import { isTerminal } from '../../contract/facts/execution.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { project } from '../../engine/projection.ts'
import type { Env } from '../../env.ts'
import { executionStore } from '../../store/executions.ts'
import type { Settled, WaitFor } from '../execution/settled.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { findAccepted } from '../inbox/find-accepted.ts'

/** How often D1 is asked while an execution that has no object is on its way there, in ms. */
const askEveryMs = 250

/**
 * Where an execution stands that somebody else started, as soon as what is waited for is there or the time is over:
 * from its object, from D1, or from the inbox it is still in.
 */
export async function awaitExecution(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
  wait: WaitFor,
): Promise<Settled> {
  const until = Date.now() + (wait.until === 'now' ? 0 : wait.timeoutMs)
  for (;;) {
    // First, because most redeliveries come when all is over, and asking an object brings it to life.
    const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
    if (stored !== undefined && isTerminal(stored.summary.status)) {
      return fromEntries(JSON.parse(stored.journal) as JournalEntry[])
    }
    const live = await executionOf(env, organizationId, id).wait(organizationId, wait)
    if (live.status !== 'unknown') return live
    const accepted = await findAccepted(env, organizationId, id)
    const settled: Settled = accepted === undefined ? { status: 'unknown' } : fromEntries(accepted.entries)
    if (settled.status !== 'unknown' && isTerminal(settled.status)) return settled
    if (Date.now() >= until) return settled
    await new Promise((resolve) => setTimeout(resolve, askEveryMs))
  }
}

function fromEntries(entries: readonly JournalEntry[]): Settled {
  const { status, output, failure, response } = project(entries)
  return {
    status,
    ...(isTerminal(status) ? { output: JSON.stringify(output) } : {}),
    ...(failure === undefined ? {} : { failure: JSON.stringify(failure) }),
    ...(response === undefined ? {} : { response: JSON.stringify(response) }),
  }
}
