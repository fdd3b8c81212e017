import { snapshot } from '$app/navigation'
import type { Page } from '#contract/error.ts'
import type { CurrentMember } from '#contract/member.ts'
import type { PagedList } from '../api/paged-list.svelte.ts'
import { session } from './current.svelte.ts'

/** What lists held when they were left. In memory only: a reload forgets it, and nobody else may be shown it. */
const left = new Map<string, { member: CurrentMember; page: Page<unknown> }>()

/** Of how many visits it is remembered. */
const mostVisits = 20

/**
 * Has a list come back as it was left when somebody returns to it by the browser's history: with what was read further
 * down, and brought up to date at its top. `name` tells it from the other lists of the app. To be called while the page
 * is made.
 */
export function keepPlace<Item>(name: string, list: PagedList<Item>): void {
  snapshot({
    id: `list of ${name}`,
    capture: () => leave(list.page),
    restore: (visit: string | null) => {
      const found = visit === null ? undefined : left.get(visit)
      if (found !== undefined && session.status === 'ready' && session.member === found.member)
        void list.putBack(found.page as Page<Item>)
    },
  })
}

function leave(page: Page<unknown> | undefined): string | null {
  if (page === undefined || session.status !== 'ready') return null
  const visit = crypto.randomUUID()
  left.set(visit, { member: session.member, page })
  for (const oldest of left.keys()) if (left.size > mostVisits) left.delete(oldest)
  return visit
}
