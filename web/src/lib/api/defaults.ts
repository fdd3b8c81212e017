import type { OrganizationDefaults, SetDefaultsRequest } from '#contract/defaults.ts'
import { client } from './client.ts'

export function getDefaults(signal?: AbortSignal): Promise<OrganizationDefaults> {
  return client.request('/defaults', { signal })
}

/** Throws `defaults.conflict` when somebody else changed them since `revision`. */
export function setDefaults(revision: number, body: SetDefaultsRequest): Promise<OrganizationDefaults> {
  return client.request('/defaults', { method: 'PUT', body, ifMatch: revision })
}
