/** One version of the installation's root secret. Every key is derived from one of them. */
export interface RootSecret {
  /** `k1`, `k2` …: written into everything sealed, so that a reader knows which one to take. */
  version: string
  secret: string
}

const minBytes = 32

/**
 * `LEAT_SECRET` as its versions, the current one first. One secret alone is `k1`; to rotate, give all that may still
 * be needed as `k2=<new>,k1=<old>`. Throws when one is shorter than 32 bytes or a version is given twice: a guessable
 * root would open everything, so nothing starts with one.
 */
export function parseRootSecrets(text: string): [RootSecret, ...RootSecret[]] {
  const trimmed = text.trim()
  const parts = /^k\d+=/.test(trimmed) ? trimmed.split(/[\s,]+(?=k\d+=)/) : [`k1=${trimmed}`]
  const roots = parts.map((part) => {
    const end = part.indexOf('=')
    return { version: part.slice(0, end), secret: part.slice(end + 1) }
  })
  for (const { version, secret } of roots) {
    if (new TextEncoder().encode(secret).byteLength < minBytes) {
      throw new Error(`LEAT_SECRET: the secret ${version} must have at least ${minBytes} bytes`)
    }
  }
  if (new Set(roots.map(({ version }) => version)).size !== roots.length) {
    throw new Error('LEAT_SECRET: each version may be given once')
  }
  const [first, ...others] = roots
  if (first === undefined) throw new Error('LEAT_SECRET is not set')
  return [first, ...others]
}
