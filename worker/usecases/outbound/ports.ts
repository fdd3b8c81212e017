import type { OrganizationId } from '../../contract/id.ts'

/** What use cases ask of the objects that know the hosts. `runtime/` implements it. */
export interface OutboundRuntime {
  /** Closes a host's breaker. False when it is closed. Resolves when it is durable and, as a rule, lists show it. */
  closeBreaker(organizationId: OrganizationId, host: string): Promise<boolean>
}
