// tell-of-enrolments
//
// Sends what follows from decisions about enrolments: orders to executions, rows to D1, events to an inbox.
//
//   N2. It stands in the enrolment's row until it has been sent. Sending it twice does no harm; where a process dies, the
//       alarm sends it.
//   N3. An order can come before its execution has begun. It is sent again until the execution has it, or is over.

import type { ContactId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { projectEnrolments } from '../../store/enrolment-projection.ts'
import { executionOf } from '../execution/execution-stub.ts'
import type { EnrolmentRow, EnrolmentTable } from './enrolment-table.ts'
import { leave } from './leave.ts'
import { offerEvents } from './tell-others.ts'

/** An execution that nobody began in this time will not begin any more, in ms. */
export const orderForMs = 86_400_000

/** Sends what is unsent. Throws when some of it could not be sent. */
export async function tellOfEnrolments(
  env: Env,
  table: EnrolmentTable,
  place: { organizationId: OrganizationId; contactId: ContactId },
): Promise<void> {
  const untold = table.listUntold()
  const events = table.listEvents()
  if (untold.length === 0 && events.length === 0) return
  const fresh = untold.filter(({ told, revision }) => told < revision)
  const results = await Promise.allSettled([
    projectEnrolments(env.LOGS, place, fresh).then(() => {
      for (const { id, revision } of fresh) table.markTold(id, revision)
    }),
    ...untold.map((row) => giveOrder(env, table, place, row)),
    offerEvents(env, place.organizationId, events).then(() => table.dropEvents(events.map(({ eventId }) => eventId))),
  ])
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

async function giveOrder(
  env: Env,
  table: EnrolmentTable,
  { organizationId, contactId }: { organizationId: OrganizationId; contactId: ContactId },
  { id, at, order }: EnrolmentRow,
): Promise<void> {
  if (order === null) return
  const execution = executionOf(env, organizationId, id)
  if (order.kind === 'ask') {
    // One that is over has said so before it was forgotten.
    if (await execution.isThere(organizationId)) table.dropOrder(id, order)
    else leave(table, id, at)
    return
  }
  const answer =
    order.kind === 'leave'
      ? await execution.cancel(organizationId, contactId, order.reason)
      : await execution.redirect(organizationId, contactId, order.nodeId, order.reason, order.goalId)
  if (answer !== 'not_found' || Date.now() > at + orderForMs) table.dropOrder(id, order)
}
