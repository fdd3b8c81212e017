import type {
  Authenticator,
  BeginAuthenticatorRequest,
  ConfirmAuthenticatorRequest,
  NewAuthenticator,
  RecoveryCodes,
  RemoveAuthenticatorRequest,
} from '#contract/authenticator.ts'
import { client } from './client.ts'

/** Whether the caller has an authenticator app to sign with. */
export function getAuthenticator(signal?: AbortSignal): Promise<Authenticator> {
  return client.request('/me/authenticator', { signal })
}

/** Gives a secret, this once. It counts when a code of it was confirmed. */
export function beginAuthenticator(body: BeginAuthenticatorRequest): Promise<NewAuthenticator> {
  return client.request('/me/authenticator', { method: 'POST', body })
}

/** Takes it into use, and gives the recovery codes, this once. */
export function confirmAuthenticator(body: ConfirmAuthenticatorRequest): Promise<RecoveryCodes> {
  return client.request('/me/authenticator/confirm', { method: 'POST', body })
}

export function removeAuthenticator(body: RemoveAuthenticatorRequest): Promise<Authenticator> {
  return client.request('/me/authenticator/remove', { method: 'POST', body })
}
