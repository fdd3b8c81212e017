import { breakerLimits } from '../../outbound/breaker.ts'
import { maxSpreadMs } from '../../outbound/held-until.ts'
import type { Env } from '../../env.ts'
import { openDatabase } from '../../store/database.ts'
import { listWakingSoon } from '../../store/executions.ts'
import { executionOf } from '../execution/execution-stub.ts'
import type { OutboundName } from '../names.ts'
import { breakerHolder } from './held.ts'

/** So many executions are released at most, those that wake soonest first, so many at a time. The others wake by themselves. */
const most = 5_000
const atOnce = 50

/**
 * Releases the executions of the organization whose steps a breaker may hold back. The database says which those may be: an
 * execution that is held back wakes within the longest time that a breaker is open.
 */
export async function releaseHeld(env: Env, name: OutboundName, now: number): Promise<void> {
  const { organizationId } = name
  const until = now + breakerLimits.maxOpenMs + maxSpreadMs
  const ids = await listWakingSoon(openDatabase(env.LOGS), organizationId, until, most)
  const holder = breakerHolder(name)
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = ids.slice(from, from + atOnce)
    const results = await Promise.allSettled(
      some.map((id) => executionOf(env, organizationId, id).release(organizationId, holder)),
    )
    for (const result of results) {
      if (result.status === 'rejected') console.error({ message: 'not let go of', error: String(result.reason) })
    }
  }
}
