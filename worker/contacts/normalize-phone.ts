/**
 * A number as E.164: `+4930123456`. Spaces, dashes, dots, slashes and brackets are dropped and a leading `00` is a plus.
 * Null when there is no country code, since guessing one calls a stranger.
 */
export function normalizePhone(text: string): string | null {
  const digits = text
    .trim()
    // `+44 (0)20 …`: the zero is dialled inside the country only.
    .replace(/^(\+|00)(.*?)\(0\)/, '$1$2')
    .replaceAll(/[\s().\-/‐-―]/g, '')
    .replace(/^00/, '+')
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : null
}
