import type { Json } from '../../contract/json.ts'
import type { HookResponse } from '../../engine/behaviour.ts'
import type { WebhookSettings } from './settings.ts'

/**
 * The answer to Slack's question whether this address is ours, or null when the body is none. What it says is given
 * back as plain text and only when it looks like a challenge, so the address cannot be made to show a page.
 */
export function handshakeAnswer(settings: Pick<WebhookSettings, 'verification'>, body: Json): HookResponse | null {
  if (settings.verification !== 'slack' || typeof body !== 'object' || body === null || Array.isArray(body)) return null
  const { type, challenge } = body
  if (type !== 'url_verification' || typeof challenge !== 'string' || !/^[\w.-]{1,200}$/.test(challenge)) return null
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge }
}
