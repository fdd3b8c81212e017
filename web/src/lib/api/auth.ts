import { ApiError, isAbort } from './api-error.ts'

// Signing in and out, and the member's own account. These addresses do not speak the API's envelope: a good answer
// is the data itself, a bad one `{ code, message }`.

export interface Credentials {
  email: string
  password: string
}

export function signIn(body: Credentials): Promise<unknown> {
  return ask('POST', '/sign-in/email', body)
}

export function signUp(body: Credentials & { name: string }): Promise<unknown> {
  return ask('POST', '/sign-up/email', body)
}

/** Whether this browser has a session at all. */
export async function hasSession(): Promise<boolean> {
  return (await ask<unknown>('GET', '/get-session')) !== null
}

export function signOut(): Promise<unknown> {
  return ask('POST', '/sign-out', {})
}

export function changeName(name: string): Promise<unknown> {
  return ask('POST', '/update-user', { name })
}

/** Ends every other session of this account as well. */
export function changePassword(body: { currentPassword: string; newPassword: string }): Promise<unknown> {
  return ask('POST', '/change-password', { ...body, revokeOtherSessions: true })
}

export function createOrganization(body: { name: string; slug: string }): Promise<{ id: string }> {
  return ask('POST', '/organization/create', body)
}

export function chooseOrganization(organizationId: string): Promise<unknown> {
  return ask('POST', '/organization/set-active', { organizationId })
}

export function renameOrganization(organizationId: string, name: string): Promise<unknown> {
  return ask('POST', '/organization/update', { organizationId, data: { name } })
}

async function ask<Data>(method: 'GET' | 'POST', path: string, body?: object, signal?: AbortSignal): Promise<Data> {
  let response: Response
  try {
    response = await fetch(`/api/auth${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (isAbort(error)) throw error
    const message = 'The server cannot be reached. Check the connection and try again.'
    throw new ApiError({ code: 'network.unreachable', message, status: 0 }, { cause: error })
  }
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return answer as Data
  throw authError(response.status, answer)
}

/** What a refusal means, in our words. Its codes are those of the sign-in library; the words are ours. */
export function authError(status: number, answer: unknown): ApiError {
  const { code, message } = refusal(answer)
  const words = status === 429 ? 'Too many tries. Wait a minute and try again.' : (refusals[code] ?? message)
  return new ApiError({ code: `auth.${code.toLowerCase()}`, message: words, status })
}

const refusals: Record<string, string> = {
  INVALID_EMAIL_OR_PASSWORD: 'E-mail and password do not match. Check both and try again.',
  INVALID_EMAIL: 'This is not a complete e-mail address.',
  INVALID_PASSWORD: 'The current password is not right.',
  PASSWORD_TOO_SHORT: 'The password is too short. Use at least 10 characters.',
  PASSWORD_TOO_LONG: 'The password is too long. Use at most 128 characters.',
  USER_ALREADY_EXISTS: 'There is an account with this e-mail already. Sign in instead.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There is an account with this e-mail already. Sign in instead.',
  EMAIL_NOT_VERIFIED: 'Confirm your e-mail address first: open the link we sent you.',
  ORGANIZATION_ALREADY_EXISTS: 'There is an organization with this name already. Choose another.',
  ORGANIZATION_SLUG_ALREADY_TAKEN: 'There is an organization with this name already. Choose another.',
}

function refusal(answer: unknown): { code: string; message: string } {
  const fallback = 'The server did not accept this. Try again in a moment.'
  if (typeof answer !== 'object' || answer === null) return { code: 'refused', message: fallback }
  const code = 'code' in answer && typeof answer.code === 'string' ? answer.code : 'refused'
  const message = 'message' in answer && typeof answer.message === 'string' ? answer.message : fallback
  return { code, message }
}
