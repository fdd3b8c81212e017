// rule-cache
//
// The rules for hosts, by organization, as an isolate remembers them. A rule that was changed holds everywhere within
// `freshMs` and one call more. While rules cannot be read, those that are known hold, or none.

import type { OrganizationId } from '../../contract/id.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { SharedRead } from '../../lib/shared-read.ts'
import type { HostRule } from '../../store/outbound.ts'

type Rules = ReadonlyMap<string, HostRule>

/** So long rules are not read again, in ms. */
const freshMs = 10_000

export interface RuleCache {
  /** At once where something is known; an organization's first call waits for its rules. Never rejects. */
  find(organizationId: OrganizationId): Rules | Promise<Rules>
}

export function createRuleCache(
  read: (organizationId: OrganizationId) => Promise<Rules>,
  now: () => number,
): RuleCache {
  const entries = new BoundedMap<OrganizationId, { rules: Rules; readAt: number }>(1_000)

  const first = new SharedRead<Rules>()

  async function load(organizationId: OrganizationId): Promise<Rules> {
    try {
      const rules = await read(organizationId)
      entries.set(organizationId, { rules, readAt: now() })
      return rules
    } catch (error) {
      console.error({ message: 'outbound rules not read', organizationId, error: String(error) })
      return entries.get(organizationId)?.rules ?? none
    }
  }

  return {
    find(organizationId) {
      const known = entries.get(organizationId)
      if (known === undefined) return first.get(organizationId, () => load(organizationId))
      if (now() >= known.readAt + freshMs) {
        // Who notices reads them, and nobody waits for it.
        known.readAt = now()
        void load(organizationId)
      }
      return known.rules
    },
  }
}

const none: Rules = new Map()
