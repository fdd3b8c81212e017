import { fromHex } from './decode.ts'
import { refuseTimestamp, type Delivery, type Refusal } from './delivery.ts'
import { concatenated, isMac } from './hmac-key.ts'

/** Stripe: `Stripe-Signature: t=…,v1=…[,v1=…]` over `{t}.{body}`. Only `v1` counts; one of several is enough. */
export async function verifyStripe({ headers, body, secrets, now }: Delivery): Promise<Refusal | null> {
  const given = headers.get('stripe-signature')
  if (given === null) return 'missing_signature'
  const pairs = given
    .split(',')
    .slice(0, 16)
    .map((part) => part.trim().split('=', 2))
  const timestamp = pairs.find(([name]) => name === 't')?.[1] ?? null
  const refusal = refuseTimestamp(timestamp, now)
  if (refusal !== null) return refusal

  const macs = pairs.flatMap(([name, text]) => (name === 'v1' ? [fromHex(text ?? '')] : []))
  if (macs.length === 0) return 'malformed_signature'
  const message = concatenated(`${timestamp}.`, body)
  for (const mac of macs) {
    if (mac !== null && (await isMac(secrets, mac, message))) return null
  }
  return 'wrong_signature'
}
