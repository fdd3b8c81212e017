/** A new secret for a hook: 32 random bytes in the form of Standard Webhooks, which every other scheme takes as text. */
export function newHookSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  return `whsec_${btoa(String.fromCharCode(...bytes))}`
}
