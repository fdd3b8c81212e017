import { changeContact, emptyContact } from '../../contacts/change-contact.ts'
import type { Contact, CreateContactRequest } from '../../contract/contact.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { sha256Hex } from '../../lib/digest.ts'
import { contactIdFor, newId } from '../../lib/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { authorOf } from './author-of.ts'
import { readRequest } from './read-request.ts'
import { settle } from './settle.ts'

/**
 * Makes a contact that belongs to the caller unless they say otherwise. With an `idempotencyKey` the same request finds
 * the first contact again. Throws `contact.taken` when another contact has its e-mail address or phone number.
 */
export async function createContact(
  context: Pick<Context, 'scope' | 'contacts' | 'contactFields' | 'contactRuntime' | 'actor' | 'cause' | 'now'>,
  request: CreateContactRequest,
  idempotencyKey?: string,
): Promise<Contact> {
  const { scope, contactRuntime, actor } = context
  const { organizationId, userId } = scope
  requireCapability(scope, 'contact.write')
  const change = await readRequest(context, { ownerId: userId, ...request })
  const name = idempotencyKey === undefined ? undefined : `api:${userId}:${idempotencyKey}`
  const now = context.now().getTime()
  const id = name === undefined ? newId('contact', now) : contactIdFor(organizationId, name)
  if (changeContact(emptyContact(id, now), change, now).contact.name === '') {
    const problem = { path: '', message: 'needs a name, a company, an e-mail address or a phone number' }
    throw invalidRequest([problem])
  }
  const result = await contactRuntime.change(organizationId, id, {
    deed: { kind: 'create', change },
    ...authorOf(context),
    actor,
    ...(name === undefined ? {} : { key: { name, hash: sha256Hex(JSON.stringify(request)) } }),
  })
  return settle(context, result)
}
