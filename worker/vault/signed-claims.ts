// signed-claims
//
// The form of every token that is shown to others and comes back: `<version>.<claims>.<mac>`, both in base64url. The mac
// covers everything before it; what the claims say, and for what purpose, is for those who sign them.

import { fromBase64url, toBase64url } from './sealed-text.ts'

const macBytes = 32

/** The token of these claims. The same claims give the same token. */
export async function signClaims(
  { version, key }: { version: string; key: CryptoKey },
  claims: readonly unknown[],
): Promise<string> {
  const body = `${version}.${toBase64url(new TextEncoder().encode(JSON.stringify(claims)))}`
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body))
  return `${body}.${toBase64url(new Uint8Array(mac))}`
}

/** The claims; null for whatever was not signed here, or is longer than `maxLength` characters. */
export async function readClaims(
  keyOf: (version: string) => Promise<CryptoKey | undefined>,
  token: string,
  maxLength: number,
): Promise<unknown[] | null> {
  if (token.length > maxLength) return null
  const [, version, claims, mac] = /^(k\d{1,6})\.([\w-]+)\.([\w-]{43})$/.exec(token) ?? []
  if (version === undefined || claims === undefined || mac === undefined) return null
  const [key, signature] = [await keyOf(version), fromBase64url(mac)]
  // One mac has one text: its last character may carry bits that decoding ignores.
  if (key === undefined || signature?.length !== macBytes || toBase64url(signature) !== mac) return null
  const body = new TextEncoder().encode(`${version}.${claims}`)
  if (!(await crypto.subtle.verify('HMAC', key, signature, body))) return null
  const bytes = fromBase64url(claims)
  if (bytes === null) return null
  const values = JSON.parse(new TextDecoder().decode(bytes)) as unknown
  return Array.isArray(values) ? values : null
}
