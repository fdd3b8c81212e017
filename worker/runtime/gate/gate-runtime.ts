import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import type { GateRuntime } from '../../usecases/execution-limit/ports.ts'
import { isolateOf } from '../isolate.ts'
import { organizationGate } from '../names.ts'

/** Good for as long as the isolate lives. */
export function createGateRuntime(env: Env): GateRuntime {
  const { sharedGates } = isolateOf(env)
  const gateOfAll = (organizationId: OrganizationId) => env.GATES.getByName(organizationGate(organizationId))

  return {
    async countRunning(organizationId) {
      const most = sharedGates.mostRunning
      try {
        if ((await sharedGates.readAgain(organizationId)).limit === null) return { most }
        return { most, ...(await gateOfAll(organizationId).count(organizationId)) }
      } catch (error) {
        console.error({ message: 'gate not asked', organizationId, error: String(error) })
        return { most }
      }
    },
    async executionLimitChanged(organizationId) {
      try {
        const settings = await sharedGates.readAgain(organizationId)
        await gateOfAll(organizationId).adjust(organizationId, settings)
      } catch (cause) {
        throw appError('service.unavailable', { cause })
      }
    },
  }
}
