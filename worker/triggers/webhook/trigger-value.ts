import type { Json, JsonObject } from '../../contract/json.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
import { appError } from '../../lib/app-error.ts'
import { isCredentialHeader } from '../../lib/credential-header.ts'

const masked = '***'
const maxQueryKeys = 1_000

/** What the platform adds on the way and no workflow reads. */
const dropped = /^(?:cf-(?!connecting-ip$|ipcountry$)|x-forwarded-|cdn-loop$|x-real-ip$|mf-|leat-cause$)/

export interface TriggerInput {
  method: string
  search: string
  /** Names in lower case. */
  headers: Iterable<[string, string]>
  body: Json
  /** The header that this hook's senders put their secret in, whatever it is called. */
  secretHeader?: string | undefined
}

/** What the workflow reads as `trigger`. Headers that hold credentials are there, with their value masked. */
export function webhookTrigger({ method, search, headers, body, secretHeader }: TriggerInput): WebhookTrigger {
  const shown: Record<string, string> = {}
  for (const [name, value] of headers) {
    if (name === '__proto__' || dropped.test(name)) continue
    shown[name] = isCredentialHeader(name) || name === secretHeader?.toLowerCase() ? masked : value
  }
  return { type: 'webhook', method, headers: shown, query: queryOf(search), body }
}

function queryOf(search: string): JsonObject {
  const query: JsonObject = {}
  if (search === '') return query
  let count = 0
  for (const [name, value] of new URLSearchParams(search)) {
    if (++count > maxQueryKeys)
      throw appError('request.too_large', { details: { what: 'number of query keys', limit: maxQueryKeys } })
    if (name === '__proto__') continue
    const existing = Object.hasOwn(query, name) ? query[name] : undefined
    if (existing === undefined) query[name] = value
    else if (Array.isArray(existing)) existing.push(value)
    else query[name] = [existing, value]
  }
  return query
}
