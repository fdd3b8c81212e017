// authenticator
//
// The app in which a person reads codes to sign with.
//
//   C1. It is a person's own: only they see whether there is one, by their session. A key has none.
//   C2. It counts from the first code on that proves that the app has the secret. The secret is shown once.
//   C3. Adding one takes the password, and removing one a code as well: a session that was left open is not enough.
//   C4. Wrong passwords and wrong codes are counted, and after five nobody tries for a quarter of an hour.

import type {
  Authenticator,
  BeginAuthenticatorRequest,
  ConfirmAuthenticatorRequest,
  NewAuthenticator,
  RecoveryCodes,
  RemoveAuthenticatorRequest,
} from '../../contract/authenticator.ts'
import { appError } from '../../lib/app-error.ts'
import { otpauthUri } from './otpauth-uri.ts'
import type { Context } from '../context.ts'
import { placeOf } from './place.ts'
import { newRecoveryCodes, plainCode, recoveryHash } from './recovery-codes.ts'
import { takeCode, type CountsAttempts } from './take-code.ts'

type Needs = Pick<Context, 'scope' | 'member' | 'authenticators' | 'vault' | 'now'>

/** Says whether a text is the caller's password. Throws `request.rate_limited`. */
export type ChecksPassword = (text: string) => Promise<boolean>

/** Whether the caller can sign with codes. Throws where a key asks and no person. */
export async function getAuthenticator({
  scope,
  authenticators,
}: Pick<Needs, 'scope' | 'authenticators'>): Promise<Authenticator> {
  requireSession(scope)
  const stored = await authenticators.find()
  if (stored === undefined || stored.confirmedAt === null) return { isActive: false, recoveryCodesLeft: 0 }
  return { isActive: true, since: stored.confirmedAt.toISOString(), recoveryCodesLeft: stored.recovery.length }
}

/** Makes a secret. Throws `authenticator.exists` while one is active, and `authenticator.wrong_password`. */
export async function beginAuthenticator(
  { scope, member, authenticators, vault, now }: Needs,
  { password }: BeginAuthenticatorRequest,
  isPassword: ChecksPassword,
): Promise<NewAuthenticator> {
  requireSession(scope)
  if (!(await isPassword(password))) throw appError('authenticator.wrong_password')
  const { secret, sealed } = await vault.newTotp(placeOf(scope.userId))
  if (!(await authenticators.begin(sealed, now()))) throw appError('authenticator.exists')
  return { secret, uri: otpauthUri({ issuer: 'Leat', account: member.email, secret }) }
}

/** Takes it into use, and gives the recovery codes. Throws `authenticator.missing` and `authenticator.wrong_code`. */
export async function confirmAuthenticator(
  { scope, authenticators, vault, now }: Needs,
  { code }: ConfirmAuthenticatorRequest,
  count: CountsAttempts,
): Promise<RecoveryCodes> {
  requireSession(scope)
  const stored = await authenticators.find()
  if (stored === undefined) throw appError('authenticator.missing')
  if (stored.confirmedAt !== null) throw appError('authenticator.exists')
  const takeBack = await count()
  const when = { at: now().getTime(), after: stored.lastStep }
  const step = await vault.findTotpStep(stored.secret, placeOf(scope.userId), plainCode(code), when)
  if (step === null) throw appError('authenticator.wrong_code')
  const recoveryCodes = newRecoveryCodes()
  const isTaken = await authenticators.confirm(stored.secret, step, recoveryCodes.map(recoveryHash), now())
  if (!isTaken) throw appError('authenticator.exists')
  await takeBack()
  return { recoveryCodes }
}

/** Takes it out of use. Throws `authenticator.missing`, `authenticator.wrong_password`, `authenticator.wrong_code`. */
export async function removeAuthenticator(
  context: Needs,
  { password, code }: RemoveAuthenticatorRequest,
  { isPassword, count }: { isPassword: ChecksPassword; count: CountsAttempts },
): Promise<Authenticator> {
  requireSession(context.scope)
  if (!(await isPassword(password))) throw appError('authenticator.wrong_password')
  if ((await takeCode(context, code, count)) === null) throw appError('authenticator.wrong_code')
  await context.authenticators.remove()
  return getAuthenticator(context)
}

function requireSession({ via }: Needs['scope']): void {
  if (via !== 'session') throw appError('auth.forbidden')
}
