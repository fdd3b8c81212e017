import type { ExecutionLimit } from '../../contract/execution-limit.ts'
import type { OrganizationId } from '../../contract/id.ts'

/** What use cases ask of the gate that all executions of an organization pass. `runtime/` implements it. */
export interface GateRuntime {
  /**
   * How many executions of the organization may go on at the most, whatever it says itself (null is no limit), and how
   * many do and wait. Never rejects: what cannot be asked for is absent.
   */
  countRunning(organizationId: OrganizationId): Promise<Omit<ExecutionLimit, 'limit'>>
  /** Lets the limit that an organization has now hold for those who wait already. Throws `service.unavailable`. */
  executionLimitChanged(organizationId: OrganizationId): Promise<void>
}
