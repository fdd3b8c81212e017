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
    const host = hostIn(text)
    if (host !== undefined && !host.includes('*')) return host
    context.addIssue({ code: 'custom', message: 'must be a host such as api.example.com' })
    return z.NEVER
  })
  .meta({ id: 'OutboundHost', description: 'A host, as a rule or a step names it.', example: 'api.example.com' })

/** Of which hosts a rule is: of one, or of all below a name, such as `*.example.com`. Not that name itself. */
export const OutboundPattern = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .transform((text, context) => {
    const [scheme = '', rest = ''] = text.includes('://') ? text.split('://', 2) : ['https', text]
    const isWide = rest.startsWith('*.')
    // A name in the place of the star: what is below an address or a single word is no host.
    const host = hostIn(`${scheme}://${isWide ? `x${rest.slice(1)}` : rest}`)
    const isHost = host !== undefined && !host.includes('*') && (!isWide || host.split('.').length > 2)
    if (isHost) return isWide ? `*${host.slice(1)}` : host
    context.addIssue({
      code: 'custom',
      message: 'must be a host such as api.example.com, or *.example.com for all below it',
    })
    return z.NEVER
  })
  .meta({
    id: 'OutboundPattern',
    description: 'A host, or all below a name: `*.example.com`. Not that name itself.',
    example: '*.example.com',
  })

function hostIn(text: string): string | undefined {
  const { host, pathname, search, username } = URL.parse(text.includes('://') ? text : `https://${text}`) ?? {}
  return host !== '' && pathname === '/' && search === '' && username === '' ? host : undefined
}

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

/** How one host, or each one below a name (`*.example.com`), is called by all workflows of the organization. */
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

/** `PUT /outbound-rules`: the only rule of its host, or of its pattern, from then on. */
export const SetOutboundRuleRequest = z
  .strictObject({
    host: OutboundPattern,
    limit: OutboundLimit.nullable()
      .default(null)
      .describe('How often the host is called at most. Null: as fast as steps come.'),
    breaker: z.boolean().default(true).describe('Whether calls are held back while the host fails.'),
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
