import type { Page } from '#contract/error.ts'
import type { SetVariableRequest, Variable } from '#contract/variable.ts'
import { client } from './client.ts'

export function listVariables(signal?: AbortSignal): Promise<Page<Variable>> {
  return client.request('/variables', { signal })
}

/** Without `revision` a new one. Throws `variable.conflict` when somebody else changed it since. */
export function setVariable(name: string, revision: number | undefined, body: SetVariableRequest): Promise<Variable> {
  const basedOn = revision === undefined ? {} : { ifMatch: revision }
  return client.request(at(name), { method: 'PUT', body, ...basedOn })
}

export function deleteVariable({ name, revision }: Variable): Promise<Variable> {
  return client.request(at(name), { method: 'DELETE', ifMatch: revision })
}

function at(name: string): string {
  return `/variables/${encodeURIComponent(name)}`
}
