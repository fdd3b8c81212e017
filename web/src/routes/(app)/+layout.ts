import { error, redirect } from '@sveltejs/kit'
import { toApiError } from '#lib/api/api-error.ts'
import { session } from '#lib/session/current.svelte.ts'
import { signInPath } from '#lib/session/next-path.ts'

/**
 * Everything behind the sign-in. The error page says so when it cannot be found out who is asking. Where there is nothing,
 * nobody is asked to sign in for it.
 */
export async function load({ url, route, untrack }) {
  if (session.status !== 'ready') {
    await session.load().catch((thrown: unknown) => {
      const { status, message } = toApiError(thrown)
      error(status >= 400 ? status : 503, message)
    })
  }
  if (session.status !== 'ready' && untrack(() => route.id) === '/(app)/[...rest]') error(404)
  if (session.status === 'signedOut') redirect(307, signInPath(untrack(() => url)))
  if (session.status === 'noOrganization') redirect(307, '/welcome')
}
