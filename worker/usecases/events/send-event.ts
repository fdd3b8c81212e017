import { ownEventTypes } from '../../contract/facts/own-events.ts'
import type { AcceptedEvent, EventRequest } from '../../contract/trigger.ts'
import { appError } from '../../lib/app-error.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/**
 * Durably accepts an event for every active workflow that listens to its type. A contact it names has to be one that
 * the caller sees: the workflows it starts will read it.
 */
export async function sendEvent(
  { scope, runtime, contacts, cause }: Pick<Context, 'scope' | 'runtime' | 'contacts' | 'cause'>,
  event: EventRequest,
): Promise<AcceptedEvent> {
  requireCapability(scope, 'event.send')
  if (ownEventTypes.has(event.type)) {
    const problem = { path: 'type', message: 'is an event that only Leat itself emits' }
    throw invalidRequest([problem])
  }
  if (event.contactId !== undefined && (await contacts.findVisible([event.contactId])).length === 0) {
    throw appError('contact.not_found')
  }
  return runtime.emit(scope.organizationId, event, { sender: scope.userId, ...(cause !== undefined && { cause }) })
}
