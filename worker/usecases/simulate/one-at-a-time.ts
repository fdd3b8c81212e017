import type { OrganizationId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'

/** Organizations that have something large under way in this isolate. */
const busy = new Set<OrganizationId>()

/** Does the work, unless the organization has such work under way here already: then throws `simulation.busy`. */
export async function oneAtATime<Result>(organizationId: OrganizationId, work: () => Promise<Result>): Promise<Result> {
  if (busy.has(organizationId)) throw appError('simulation.busy')
  busy.add(organizationId)
  try {
    return await work()
  } finally {
    busy.delete(organizationId)
  }
}
