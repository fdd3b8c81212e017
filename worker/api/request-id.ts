import { base32 } from '../lib/base32.ts'

/** A name for one request, that nobody can guess or choose. */
export function newRequestId(): string {
  return `req_${base32(crypto.getRandomValues(new Uint8Array(10)))}`
}
