import { fromHex } from './decode.ts'
import { refuseTimestamp, type Delivery, type Refusal } from './delivery.ts'
import { concatenated, isMac } from './hmac-key.ts'

/** Slack: `X-Slack-Signature: v0=…` over `v0:{timestamp}:{body}`. */
export async function verifySlack({ headers, body, secrets, now }: Delivery): Promise<Refusal | null> {
  const given = headers.get('x-slack-signature')
  if (given === null) return 'missing_signature'
  const timestamp = headers.get('x-slack-request-timestamp')
  const refusal = refuseTimestamp(timestamp, now)
  if (refusal !== null) return refusal
  const mac = given.startsWith('v0=') ? fromHex(given.slice('v0='.length)) : null
  if (mac === null) return 'malformed_signature'
  return (await isMac(secrets, mac, concatenated(`v0:${timestamp}:`, body))) ? null : 'wrong_signature'
}
