/** An address as it is kept and compared: trimmed, lower case. Null when it is none. */
export function normalizeEmail(text: string): string | null {
  const address = text.trim().normalize('NFC').toLowerCase()
  if (address.length > 254) return null
  const [local = '', domain = '', ...more] = address.split('@')
  if (more.length > 0 || local.length > 64) return null
  // What mail servers take in practice: no quoted local parts, and a domain with a dot in it.
  if (!/^[^\s"(),:;<>[\\\]@]+$/u.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) {
    return null
  }
  return /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}\p{N}-]{2,63}$/u.test(domain) ? address : null
}
