import { isApiKeySecret } from '../../tenancy/api-key-secret.ts'
import { secretHash } from '../../lib/secret-text.ts'
import { appError } from '../../lib/app-error.ts'
import { SharedRead } from '../../lib/shared-read.ts'
import { ShortMemory } from '../../lib/short-memory.ts'
import type { Database } from '../../store/database.ts'
import { directory, type KnownApiKey } from '../../store/directory.ts'

/** Opens API keys. */
export interface Keyring {
  /** The key and its maker. Throws `auth.invalid_key` when it is unknown, expired or revoked, or its maker has left. */
  open(secret: string): Promise<KnownApiKey>
}

/** A key is believed for this long before the database is asked again: a revoked one opens nothing after it. */
const memoryMs = 5_000

export function createKeyring({ db, now }: { db: Database; now: () => Date }): Keyring {
  const people = directory(db)
  // By hash: a dump of this memory opens nothing.
  const opened = new ShortMemory<KnownApiKey>(memoryMs, () => now().getTime())
  const reads = new SharedRead<KnownApiKey | undefined>()

  async function read(hash: string): Promise<KnownApiKey | undefined> {
    const key = await people.findApiKey(hash)
    if (key === undefined) return undefined
    opened.set(hash, key)
    await people.noteUse(key.id, now())
    return key
  }

  return {
    async open(secret) {
      if (!isApiKeySecret(secret)) throw appError('auth.invalid_key')
      const hash = secretHash(secret)
      const key = opened.get(hash) ?? (await reads.get(hash, () => read(hash)))
      if (key === undefined || key.expiresAt <= now()) throw appError('auth.invalid_key')
      return key
    },
  }
}
