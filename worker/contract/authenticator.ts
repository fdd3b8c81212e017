import { z } from 'zod'

/** Digits of an authenticator app, or a recovery code; spaces and hyphens do not count. */
const code = z.string().trim().min(6).max(40)
const password = z.string().min(1).max(256)

/** `GET /me/authenticator`: whether the caller can sign with codes. */
export const Authenticator = z
  .strictObject({
    isActive: z.boolean(),
    /** Since when; absent while there is none. */
    since: z.iso.datetime().optional(),
    /** Recovery codes that were not used yet. */
    recoveryCodesLeft: z.int(),
  })
  .meta({ id: 'Authenticator' })
export type Authenticator = z.infer<typeof Authenticator>

/** `POST /me/authenticator`: the password, because the secret is for nobody else. */
export const BeginAuthenticatorRequest = z
  .strictObject({ password: password.describe('The caller’s password.') })
  .meta({ id: 'BeginAuthenticatorRequest' })
export type BeginAuthenticatorRequest = z.infer<typeof BeginAuthenticatorRequest>

/** What an app needs, shown this once. `uri` is `otpauth://…`, `secret` the same to be typed: base32. */
export const NewAuthenticator = z.strictObject({ secret: z.string(), uri: z.string() }).meta({ id: 'NewAuthenticator' })
export type NewAuthenticator = z.infer<typeof NewAuthenticator>

/** `POST /me/authenticator/confirm`: a code of the app, which proves that it has the secret. */
export const ConfirmAuthenticatorRequest = z
  .strictObject({ code: code.describe('The code that the app shows now.') })
  .meta({ id: 'ConfirmAuthenticatorRequest' })
export type ConfirmAuthenticatorRequest = z.infer<typeof ConfirmAuthenticatorRequest>

/** Codes for when the app is lost, each good once. Shown this once. */
export const RecoveryCodes = z.strictObject({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' })
export type RecoveryCodes = z.infer<typeof RecoveryCodes>

/** `POST /me/authenticator/remove`: the password, and a code of the app or a recovery code. */
export const RemoveAuthenticatorRequest = z
  .strictObject({
    password: password.describe('The caller’s password.'),
    code: code.describe('A code of the app, or a recovery code.'),
  })
  .meta({ id: 'RemoveAuthenticatorRequest' })
export type RemoveAuthenticatorRequest = z.infer<typeof RemoveAuthenticatorRequest>
