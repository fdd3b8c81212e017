import { BoundedMap } from './bounded-map.ts'

const words =
  /authori[sz]ation|x-auth|bearer|cookie|token|secret|passw|passcode|passphrase|api[-_.]?key|credential|session|signature|hmac|jwt|assertion/

/** A name that ends so is taken for a key to something, but for keys that are known to open nothing. */
const key = /(?:^key|(?<!idempotency|event|routing|partition|public|cache|dedupe|deduplication)[-_]key|^otp|[-_]otp)$/

/** Senders use few names, and each of an event's is asked for. */
const known = new BoundedMap<string, boolean>(1_000)
const maxKnownLength = 100

/** Whether a header speaks for somebody: it leaves to one origin only, and is shown masked. Case does not matter. */
export function isCredentialHeader(name: string): boolean {
  let answer = known.get(name)
  if (answer === undefined) {
    const lower = name.toLowerCase()
    answer = words.test(lower) || key.test(lower)
    if (name.length <= maxKnownLength) known.set(name, answer)
  }
  return answer
}
