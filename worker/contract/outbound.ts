import { z } from 'zod'

/**
 * A host as calls are counted by: a name or an address in lower case, with a port where it is not the scheme's own, such as
 * `api.example.com` or `10.0.0.7:8080`. Written as an address it is read as one.
 */
export const OutboundHost = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .transform((text, context) => {
    const { host, pathname, search, username } = URL.parse(text.includes('://') ? text : `https://${text}`) ?? {}
    if (host !== undefined && host !== '' && pathname === '/' && search === '' && username === '') return host
    context.addIssue({ code: 'custom', message: 'must be a host such as api.example.com' })
    return z.NEVER
  })
  .meta({ id: 'OutboundHost', example: 'api.example.com' })

/** So many calls a second, minute or hour, and so many at once. */
export const OutboundLimit = z
  .strictObject({
    calls: z.int().min(1).max(100_000),
    per: z.enum(['second', 'minute', 'hour']),
    /** How many may go at once after a quiet time. */
    burst: z.int().min(1).max(10_000),
  })
  .meta({ id: 'OutboundLimit' })
export type OutboundLimit = z.infer<typeof OutboundLimit>

/** How one host is called by all workflows of the organization. */
export const OutboundRule = z
  .strictObject({
    host: z.string(),
    /** Null: as fast as steps come. */
    limit: OutboundLimit.nullable(),
    /** False: calls are made however often the host fails. */
    breaker: z.boolean(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'OutboundRule' })
export type OutboundRule = z.infer<typeof OutboundRule>

/** `PUT /outbound-rules`: the only rule of its host from then on. */
export const SetOutboundRuleRequest = z
  .strictObject({
    host: OutboundHost,
    limit: OutboundLimit.nullable().default(null),
    breaker: z.boolean().default(true),
  })
  .meta({ id: 'SetOutboundRuleRequest' })
export type SetOutboundRuleRequest = z.infer<typeof SetOutboundRuleRequest>

/** A host from which calls are held back. */
export const OutboundTrouble = z
  .strictObject({
    host: z.string(),
    /** The end of a sentence: `it answered 503`. */
    reason: z.string(),
    /** Since when. */
    since: z.iso.datetime(),
    /** Nobody calls before this; then one call at a time tries. */
    until: z.iso.datetime(),
  })
  .meta({ id: 'OutboundTrouble' })
export type OutboundTrouble = z.infer<typeof OutboundTrouble>
