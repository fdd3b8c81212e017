const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** Crockford base32, lower case: sorts like the bytes it encodes and reads aloud without doubt. */
export function base32(bytes: Uint8Array): string {
  return inFives(bytes, alphabet)
}

/** Five bits a character, without padding, in whatever alphabet of 32 characters. */
export function inFives(bytes: Uint8Array, characters: string): string {
  let text = ''
  let buffer = 0
  let bits = 0
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += characters.charAt((buffer >> bits) & 31)
    }
    buffer &= (1 << bits) - 1
  }
  if (bits > 0) text += characters.charAt((buffer << (5 - bits)) & 31)
  return text
}

/** A non-negative integer in exactly `length` base32 digits, so that text order is number order. */
export function base32Number(value: number, length: number): string {
  let text = ''
  let rest = value
  for (let digit = 0; digit < length; digit++) {
    text = alphabet[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

/** The number that `base32Number` wrote. NaN when a character is not a digit. */
export function parseBase32Number(text: string): number {
  let value = 0
  for (const character of text) {
    const digit = alphabet.indexOf(character)
    if (digit < 0) return Number.NaN
    value = value * 32 + digit
  }
  return value
}
