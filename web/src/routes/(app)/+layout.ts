import { redirect } from '@sveltejs/kit'
import { session } from '#lib/session/current.svelte.ts'
import { signInPath } from '#lib/session/next-path.ts'

/** Everything behind the sign-in. Throws `ApiError` when it can not be found out who is asking. */
export async function load({ url, untrack }) {
  if (session.status !== 'ready') await session.load()
  if (session.status === 'signedOut') redirect(307, signInPath(untrack(() => url)))
  if (session.status === 'noOrganization') redirect(307, '/welcome')
}
