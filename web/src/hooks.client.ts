import type { HandleClientError } from '@sveltejs/kit/hooks'
import { ApiError } from '#lib/api/api-error.ts'

/** What the error page says of an error nobody expected; the console hears all of it. */
export const handleError: HandleClientError = ({ kind, error }) => {
  if (kind !== 'unknown') return
  console.error(error)
  if (error instanceof ApiError) return { message: error.message }
  if (!navigator.onLine) return { message: 'You are offline. It is shown as soon as the connection is back.' }
  return { message: 'Something went wrong in this page. Loading it again usually helps.' }
}
