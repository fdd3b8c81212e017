import { goto } from '$app/navigation'

/**
 * Puts values into the address, so that what is shown can be linked to and survives a reload. Empty ones are taken out.
 * The focus and the scroll stay where they are.
 */
export function changeQuery(url: { href: string }, values: Record<string, string | undefined>): Promise<void> {
  const next = new URL(url.href)
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined || value === '') next.searchParams.delete(key)
    else next.searchParams.set(key, value)
  }
  return goto(next, { replace: true, reset: false })
}
