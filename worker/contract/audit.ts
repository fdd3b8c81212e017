import { z } from 'zod'
import { Json } from './json.ts'
import { Cursor, PageLimit } from './page-query.ts'

/** One thing that somebody did, or tried and may not. Entries are never changed or removed. */
export const AuditEntry = z
  .strictObject({
    /** Grows with every entry of the installation. */
    seq: z.int(),
    at: z.iso.datetime(),
    actorId: z.string().nullable(),
    via: z.enum(['session', 'api_key', 'system', 'nobody']),
    /** `noun.verb`, such as `workflow.published`; the route, where it was refused. */
    action: z.string(),
    targetId: z.string().nullable(),
    outcome: z.enum(['done', 'denied']),
    requestId: z.string().nullable(),
    details: Json,
  })
  .meta({ id: 'AuditEntry' })
export type AuditEntry = z.infer<typeof AuditEntry>

/** `GET /audit`: the newest first. */
export const AuditListQuery = z.strictObject({
  cursor: Cursor,
  limit: PageLimit,
})
export type AuditListQuery = z.infer<typeof AuditListQuery>
