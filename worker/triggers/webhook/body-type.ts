import type { WebhookSettings } from './settings.ts'

/**
 * The type that a body is read as: what is declared, except where a scheme signs the body and its time but not the
 * header. A replay is told by what is read there, and so must not be readable in another way by another header. Stripe
 * sends JSON; Slack sends JSON objects and forms, which begin differently.
 */
export function bodyTypeOf(
  verification: WebhookSettings['verification'],
  bytes: Uint8Array,
  declared: string | null,
): string | null {
  if (verification === 'stripe') return json
  if (verification === 'slack') return bytes[0] === braceOpen ? json : form
  return declared
}

const json = 'application/json'
const form = 'application/x-www-form-urlencoded'
const braceOpen = 0x7b
