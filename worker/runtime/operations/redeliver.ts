import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import { sha256Hex } from '../../lib/digest.ts'
import { executionIdFor } from '../../lib/id.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { LostLetter } from '../../usecases/ports.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { startsOf } from '../routes/starts-of.ts'
import type { OfferedEvent } from '../inbox/accept-together.ts'
import { keyWindowMs } from '../inbox/admit.ts'
import { isolateOf } from '../isolate.ts'
import { writeAtOnce } from '../records/project-records.ts'

/**
 * Gives back what had left an inbox undone. Resolves when it is durable: an event in an inbox, a record in D1. The same
 * letter twice is one delivery.
 */
export async function redeliver(env: Env, organizationId: OrganizationId, letter: LostLetter): Promise<void> {
  switch (letter.kind) {
    case 'event':
      return offerAgain(env, organizationId, letter)
    case 'record':
      return writeAtOnce(env, [letter.payload]).catch((cause: unknown) => {
        throw appError('service.unavailable', { cause })
      })
    default:
      return unreachable(letter.kind)
  }
}

/** The event keeps its id and its time, so the executions that it did begin are met again and not begun twice. */
async function offerAgain(env: Env, organizationId: OrganizationId, letter: LostLetter): Promise<void> {
  const kept = JSON.parse(letter.payload) as AcceptedTrigger
  const trigger: AcceptedTrigger = { ...kept, organizationId, data: letter.data ?? kept.data }
  const { eventId } = trigger
  const ids = (await startsOf(env, trigger)).map(({ workflowId, nodeId }) =>
    executionIdFor({ organizationId, workflowId, nodeId, eventId }),
  )
  const pending = JSON.stringify(trigger)
  const event: OfferedEvent = {
    key: `again:${eventId}:${letter.givenUpAt}`,
    windowMs: keyWindowMs,
    bodyHash: sha256Hex(pending),
    id: eventId,
    at: Date.now(),
    kind: 'trigger',
    pending,
    answer: JSON.stringify(ids),
  }
  const acceptance = await isolateOf(env).acceptor.accept(organizationId, { key: event.key, write: () => event })
  if (acceptance.kind !== 'accepted' && acceptance.kind !== 'duplicate') throw appError('service.unavailable')
}
