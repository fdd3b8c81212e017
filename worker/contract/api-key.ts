import { z } from 'zod'
import { ApiKeyId, UserId } from './id.ts'
import { Capability } from './member.ts'
import { wholeText } from './whole-text.ts'

const instant = z.iso.datetime()

/** An API key as it can be shown again: never the secret, only how it begins. */
export const ApiKey = z
  .strictObject({
    id: ApiKeyId,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(Capability),
    createdBy: UserId,
    createdAt: instant,
    expiresAt: instant.optional(),
    lastUsedAt: instant.optional(),
    revokedAt: instant.optional(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

/** `secret` is `leat_…`, shown this once. */
export const CreatedApiKey = ApiKey.extend({ secret: z.string() }).meta({ id: 'CreatedApiKey' })
export type CreatedApiKey = z.infer<typeof CreatedApiKey>

/** `POST /api-keys`. Without `expiresAt` the key lives for a year, which is the longest. */
export const CreateApiKeyRequest = z
  .strictObject({
    name: wholeText().trim().min(1).max(120).describe('What it is for.'),
    scopes: z.array(Capability).min(1).describe('What it may do: always explicit, and never more than the maker may.'),
    expiresAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('Until when it is good: a year when left out, which is the longest.'),
  })
  .meta({ id: 'CreateApiKeyRequest' })
export type CreateApiKeyRequest = z.infer<typeof CreateApiKeyRequest>
