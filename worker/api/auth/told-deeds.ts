// told-deeds
//
// What the organization plugin did, as its own hooks tell it: in which organization, to whom. What a request says of
// itself is no witness, for the plugin may have gone by something else.
//
// The plugin is made once and serves many requests at a time, and its hooks are not told for which of them they are
// called: each request listens in its own asynchronous context.

import { AsyncLocalStorage } from 'node:async_hooks'
import type { OrganizationOptions } from 'better-auth/plugins/organization'
import { OrganizationId } from '../../contract/id.ts'
import type { Deed } from '../../store/audit.ts'

/** What was done, but for its name: that is the route's. */
export interface ToldDeed extends Pick<Deed, 'targetId'> {
  organizationId: OrganizationId
  details: Record<string, string>
}

const listening = new AsyncLocalStorage<ToldDeed[]>()

/** Does some work and gives, beside its result, what the plugin says was done by it. */
export async function listen<Result>(work: () => Promise<Result>): Promise<{ result: Result; told: ToldDeed[] }> {
  const told: ToldDeed[] = []
  return { result: await listening.run(told, work), told }
}

/** The plugin's hooks that tell. */
export const tellingHooks = {
  afterCreateOrganization: async ({ organization }) => tell(organization),
  afterUpdateOrganization: async ({ organization }) => {
    if (organization !== null) tell(organization)
  },
} satisfies OrganizationOptions['organizationHooks']

function tell({ id, name }: { id: string; name: string }): void {
  listening.getStore()?.push({ organizationId: OrganizationId.parse(id), targetId: id, details: { name } })
}
