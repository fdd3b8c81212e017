export { createVault, VaultError, type SecretPlace, type Vault } from './vault.ts'
export type { ApprovalClaims } from './approval-token.ts'
export type { Purpose } from './derive.ts'
export type { EffectName } from './idempotency-key.ts'
