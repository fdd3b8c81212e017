import type { Json } from '../../contract/json.ts'
import type { Env } from '../../env.ts'
import { toJson } from '../../lib/to-json.ts'
import { contactOf } from '../contact/contact-stub.ts'
import type { LiveExecution } from './live-execution.ts'

/**
 * The contact that an execution is about, as it is now, for a plan that reads it: null where there is none. Undefined for
 * a plan that does not, which costs nothing. Rejects when the contact cannot be read.
 */
export function contactNow(env: Env, { plan, header }: LiveExecution): Promise<Json> | undefined {
  if (plan.contactReads === null) return undefined
  return read(env, header)
}

async function read(env: Env, { organizationId, contactId }: LiveExecution['header']): Promise<Json> {
  if (contactId === undefined) return null
  const contact = await contactOf(env, organizationId, contactId).read(organizationId)
  return contact === undefined ? null : toJson(contact)
}
