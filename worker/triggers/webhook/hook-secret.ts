import { unreachable } from '../../lib/unreachable.ts'
import { isStandardSecret } from './schemes/standard.ts'
import type { WebhookSettings } from './settings.ts'

type Verification = WebhookSettings['verification']

/**
 * A new secret that the scheme can work with: 32 random bytes in the notation of Standard Webhooks, which the others take
 * as text; for Basic with a user name before it.
 */
export function newHookSecret(verification: Verification): string {
  const text = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
  return verification === 'basic' ? `leat:${text}` : `whsec_${text}`
}

/** Why no sender could ever prove itself by this secret, as what is to be mended; undefined where one can. */
export function secretProblem(verification: Verification, secret: string): string | undefined {
  switch (verification) {
    case 'standard':
      if (isStandardSecret(secret)) return undefined
      return 'must be whsec_ and at least 24 bytes in base64, or whpk_ and a public key'
    case 'basic':
      return secret.includes(':') ? undefined : 'must be a user name and a password with a colon between them'
    case 'header':
      if (/^[\x20-\x7e]*$/.test(secret) && secret.trim() === secret && !/^bearer /i.test(secret)) return undefined
      return 'must be what a header can carry: ASCII, no space around it, and no “Bearer” before it'
    case 'none':
    case 'github':
    case 'stripe':
    case 'slack':
    case 'shopify':
    case 'hmac':
      return undefined
    default:
      return unreachable(verification)
  }
}
