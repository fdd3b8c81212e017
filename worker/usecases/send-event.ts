import type { AcceptedEvent, EventRequest } from '../contract/trigger.ts'
import { requireCapability } from '../tenancy/scope.ts'
import type { Context } from './context.ts'

/** Durably accepts an event for every active workflow that listens to its type. */
export async function sendEvent(
  { scope, runtime }: Pick<Context, 'scope' | 'runtime'>,
  event: EventRequest,
): Promise<AcceptedEvent> {
  requireCapability(scope, 'event.send')
  return runtime.emit(scope.organizationId, event)
}
