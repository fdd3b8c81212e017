import type { RetryPolicy } from '#contract/graph.ts'
import { getDefaults } from '../api/defaults.ts'
import { Resource } from '../api/resource.svelte.ts'

/** How the organization has failed calls tried again: what holds where neither a step nor its workflow says. */
export class OrganizationRetry {
  readonly #found = new Resource<{ retry: RetryPolicy }>()

  /** Nothing until it is known, and where it cannot be. */
  get policy(): RetryPolicy {
    return this.#found.data?.retry ?? {}
  }

  load(): void {
    void this.#found.load(getDefaults)
  }
}
