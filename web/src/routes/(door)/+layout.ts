import { redirect } from '@sveltejs/kit'
import { nextPath } from '#lib/session/next-path.ts'
import { session } from '#lib/session/current.svelte.ts'

/** Somebody who is signed in already has no business at the door. */
export async function load({ url, untrack }) {
  if (session.status === 'unknown') {
    // Whether the server can be reached is for the form to say, once somebody uses it.
    await session.load().catch(() => undefined)
  }
  const { pathname, searchParams } = untrack(() => url)
  if (session.status === 'ready') redirect(307, nextPath(searchParams.get('next')))
  if (session.status === 'noOrganization' && pathname !== '/welcome') redirect(307, '/welcome')
  if (session.status === 'signedOut' && pathname === '/welcome') redirect(307, '/sign-in')
}
