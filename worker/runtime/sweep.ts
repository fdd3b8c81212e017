// sweep
//
// Every object wakes by its own alarm; the sweeper is for alarms that do not ring. Once a minute it asks D1 which executions
// should have moved by now, and pokes them. A poke is a reason to look: one that was not needed does nothing. Whether an
// execution that waits at a gate should have moved cannot be seen in D1, so a few of those are poked each time, in turns.
// The sweeper also erases the objects of executions that ended a while ago, so that none of them needs an alarm for it, and
// once an hour it removes rows that are of no use any more.

import { openDatabase } from '../store/database.ts'
import type { Env } from '../env.ts'
import {
  listErasable,
  listOverdue,
  listQueued,
  markErased,
  putOffErasing,
  putOffQueued,
  type ErasableExecution,
} from '../store/executions.ts'
import { rateLimitStore } from '../store/rate-limits.ts'
import { removeEndedSessions } from '../store/sessions.ts'
import { askAgainAfterMs } from './execution/next-alarm.ts'
import { executionOf } from './execution/execution-stub.ts'
import { forEachInbox } from './inbox/inbox-stub.ts'
import { isolateOf } from './isolate.ts'
import { tidyEventWaits } from './waiters/tidy-event-waits.ts'

/** An execution is overdue this long after it wanted to wake, in ms. */
const graceMs = 60_000
const maxExecutions = 500
/**
 * Of those that are queued: as long as their queue is short each is asked once in ten minutes, and where it is long so many
 * a minute. All that a look does is to ask their gate again.
 */
const maxQueued = 100
/**
 * Inboxes are looked after for so many organizations a minute, drawn anew each time: most of those where something
 * listens, for that is where events come, and some of all, for what came before a pause, or for a start by hand.
 */
const maxOrganizations = { listening: 200, any: 50 }
const tidyEveryMinutes = 60
/**
 * Objects are erased so many at a time, for so many ms. What is left waits for the next minute; an object that cannot be
 * erased yet is asked again after a while.
 */
const erasing = { atOnce: 50, forMs: 20_000, askAgainAfterMs: 600_000 }

/** Longer than any window in which something is counted. */
const countsForMs = 3_600_000

/** Resolves when all that is overdue has been poked. What cannot be reached is poked again a minute later. */
export async function sweep(env: Env, now: number): Promise<void> {
  const logs = openDatabase(env.LOGS)
  const overdue = await listOverdue(logs, now - graceMs, maxExecutions)
  const queued = await listQueued(logs, now - graceMs, maxQueued)
  const organizations = await isolateOf(env).routeStore.listSomeOrganizations(maxOrganizations)
  const pokes = [
    ...[...overdue, ...queued].map(({ organizationId, id }) =>
      executionOf(env, organizationId, id).poke(organizationId),
    ),
    ...organizations.map((organizationId) => forEachInbox(env, organizationId, (inbox) => inbox.poke(organizationId))),
  ]
  for (const result of await Promise.allSettled(pokes)) {
    if (result.status === 'rejected') console.error({ message: 'could not poke', error: String(result.reason) })
  }
  // Also those that could not be reached: they must not come before the others the next time.
  if (queued.length > 0) await putOffQueued(logs, queued, now + askAgainAfterMs)
  await eraseObjects(env, now)
  if (Math.floor(now / 60_000) % tidyEveryMinutes === 0) await tidy(env, now)
}

/** Removes what is of no use any more. What could not be removed is there an hour later too. */
export async function tidy(env: Env, now: number): Promise<void> {
  const results = await Promise.allSettled([
    removeEndedSessions(openDatabase(env.DB), new Date(now)),
    rateLimitStore(openDatabase(env.DB)).forget(now - countsForMs),
    tidyEventWaits(env, now),
  ])
  for (const result of results) {
    if (result.status === 'rejected') console.error({ message: 'could not tidy', error: String(result.reason) })
  }
}

/** Erases the objects that are not needed any more at `now` (epoch ms), the oldest first. One that cannot be erased holds up no other. */
export async function eraseObjects(env: Env, now: number): Promise<void> {
  const logs = openDatabase(env.LOGS)
  const until = Date.now() + erasing.forMs
  while (Date.now() < until) {
    const some = await listErasable(logs, now, erasing.atOnce)
    const results = await Promise.allSettled(
      some.map(({ organizationId, id, generation, seq }) =>
        executionOf(env, organizationId, id).erase(organizationId, { generation, seq }),
      ),
    )
    const erased: ErasableExecution[] = []
    const stuck: ErasableExecution[] = []
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') console.error({ message: 'could not erase', error: String(result.reason) })
      const isErased = result.status === 'fulfilled' && result.value
      ;(isErased ? erased : stuck).push(some[index]!)
    }
    if (erased.length > 0) await markErased(logs, now, erased)
    if (stuck.length > 0) await putOffErasing(logs, now, stuck, now + erasing.askAgainAfterMs)
    if (some.length < erasing.atOnce) return
  }
}
