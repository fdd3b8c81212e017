import { appError } from '../../lib/app-error.ts'
import type { Context } from '../context.ts'
import { placeOf } from './place.ts'
import { plainCode, recoveryHash } from './recovery-codes.ts'

/** Counts an attempt before it is made, and gives what takes it back. Throws `request.rate_limited`. */
export type CountsAttempts = () => Promise<() => Promise<void>>

/**
 * Takes a code of the caller's app or one of their recovery codes, each good once, and says which it was; null for one
 * that is wrong or was taken before. Throws `authenticator.missing`, and `request.rate_limited` after too many that
 * were wrong.
 */
export async function takeCode(
  { scope, authenticators, vault, now }: Pick<Context, 'scope' | 'authenticators' | 'vault' | 'now'>,
  code: string,
  count: CountsAttempts,
): Promise<'totp' | 'recovery_code' | null> {
  const stored = await authenticators.find()
  if (stored === undefined || stored.confirmedAt === null) throw appError('authenticator.missing')
  const takeBack = await count()
  const plain = plainCode(code)
  if (!/^\d{6}$/.test(plain)) {
    if (!(await authenticators.takeRecovery(recoveryHash(plain)))) return null
    await takeBack()
    return 'recovery_code'
  }
  const when = { at: now().getTime(), after: stored.lastStep }
  const step = await vault.findTotpStep(stored.secret, placeOf(scope.userId), plain, when)
  if (step === null || !(await authenticators.takeStep(step))) return null
  await takeBack()
  return 'totp'
}
