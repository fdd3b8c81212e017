import type { Listening } from '../../engine/effect.ts'
import type { Env } from '../../env.ts'
import { newId } from '../../lib/id.ts'
import { openDatabase } from '../../store/database.ts'
import { addEventWaits } from '../../store/event-waits.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { forEachInbox } from '../inbox/inbox-stub.ts'
import { waitersOf } from './waiter-stub.ts'

/** Subscribes a step to the events it waits for. Twice is once. */
export async function listenFor(
  env: Env,
  { organizationId, executionId }: Pick<ExecutionHeader, 'organizationId' | 'executionId'>,
  listening: Listening,
): Promise<void> {
  const { match, contact } = listening.topic
  await waitersOf(env, organizationId, contact).listen(organizationId, executionId, listening)
  // Publishing a workflow has stored this already; a draft that is tried has not been published.
  const isNews = await addEventWaits(openDatabase(env.DB), organizationId, [{ match, ofContact: contact !== null }])
  if (!isNews) return
  const epoch = newId('event')
  await forEachInbox(env, organizationId, (inbox) => inbox.setEpoch(organizationId, epoch))
}
