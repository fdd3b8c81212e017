/** In the place of `worker/lib/random-bytes.ts`: drawn when it is asked for, so that a run takes none of another's. */
export function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}
