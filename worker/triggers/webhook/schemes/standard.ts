import { fromBase64 } from './decode.ts'
import { refuseTimestamp, type Delivery, type Refusal } from './delivery.ts'
import { concatenated, isMac } from './hmac-key.ts'

const minKeyBytes = 24

/**
 * Standard Webhooks: `{id}.{timestamp}.{body}` signed with HMAC-SHA256 (`v1`, secret `whsec_…`) or Ed25519 (`v1a`,
 * public key `whpk_…`). The secret decides which of the two counts, never the sender. Any signature of the list will
 * do, under any of the secrets; other versions are passed over.
 */
export async function verifyStandard({ headers, body, secrets, now }: Delivery): Promise<Refusal | null> {
  const id = signedId(headers)
  const timestamp = headers.get('webhook-timestamp') ?? headers.get('svix-timestamp')
  const signatures = headers.get('webhook-signature') ?? headers.get('svix-signature')
  if (id === undefined || id === '' || signatures === null) return 'missing_signature'
  const refusal = refuseTimestamp(timestamp, now)
  if (refusal !== null) return refusal

  const message = concatenated(`${id}.${timestamp}.`, body)
  const given = signatures
    .split(' ')
    .slice(0, 16)
    .map((part) => part.split(',', 2))
  const macs = given.flatMap(([version, text]) => (version === 'v1' ? [fromBase64(text ?? '')] : []))
  const publicSignatures = given.flatMap(([version, text]) => (version === 'v1a' ? [fromBase64(text ?? '')] : []))

  for (const secret of secrets) {
    if (secret.startsWith('whpk_')) {
      const key = publicKey(secret)
      if (key === null) continue
      for (const signature of publicSignatures) {
        if (signature !== null && (await isSigned(key, signature, message))) return null
      }
    } else {
      const key = symmetricKey(secret)
      if (key === null) continue
      for (const mac of macs) {
        if (mac !== null && (await isMac([key], mac, message))) return null
      }
    }
  }
  return 'wrong_signature'
}

/** The id that the signature covers, under either of its names. */
export function signedId(headers: { get(name: string): string | null | undefined }): string | undefined {
  return headers.get('webhook-id') ?? headers.get('svix-id') ?? undefined
}

/** Whether it is a secret by which anything can be signed: see `verifyStandard`. */
export function isStandardSecret(secret: string): boolean {
  return (secret.startsWith('whpk_') ? publicKey(secret) : symmetricKey(secret)) !== null
}

function publicKey(secret: string): Uint8Array | null {
  const key = fromBase64(secret.slice('whpk_'.length))
  return key?.byteLength === 32 ? key : null
}

/** The bytes of a `whsec_` secret (the prefix may be missing); null when it is too short to be one. */
function symmetricKey(secret: string): Uint8Array | null {
  const key = fromBase64(secret.startsWith('whsec_') ? secret.slice('whsec_'.length) : secret)
  return key === null || key.byteLength < minKeyBytes ? null : key
}

async function isSigned(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean> {
  const key = await crypto.subtle.importKey('raw', publicKey, { name: 'Ed25519' }, false, ['verify'])
  return crypto.subtle.verify({ name: 'Ed25519' }, key, signature, message)
}
