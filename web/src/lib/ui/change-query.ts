import { goto } from '$app/navigation'

/** Where a change that is still under way leads to. */
let ahead: URL | undefined

/**
 * Puts values into the address, so that what is shown can be linked to and survives a reload. Empty ones are taken out.
 * The focus and the scroll stay where they are. A change while another is under way is a change of what that one leads
 * to.
 */
export async function changeQuery(
  url: { href: string; pathname: string },
  values: Record<string, string | undefined>,
): Promise<void> {
  const next = new URL(ahead?.pathname === url.pathname ? ahead.href : url.href)
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === '') next.searchParams.delete(key)
    else next.searchParams.set(key, value)
  }
  ahead = next
  try {
    await goto(next, { replace: true, reset: false })
  } finally {
    if (ahead === next) ahead = undefined
  }
}
