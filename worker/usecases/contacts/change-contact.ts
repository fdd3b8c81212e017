import type { ChangeContactRequest, Contact } from '../../contract/contact.ts'
import type { ContactId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { authorOf } from './author-of.ts'
import { readRequest } from './read-request.ts'
import { requireContact } from './require-contact.ts'
import { settle } from './settle.ts'

/**
 * Changes the contact that was edited at `revision`. What is left out stays. Throws `contact.conflict` with the present
 * revision when somebody changed it in between: then nothing of this change is kept.
 */
export async function changeContact(
  context: Pick<Context, 'scope' | 'contacts' | 'contactFields' | 'contactRuntime' | 'actor' | 'cause'>,
  id: ContactId,
  revision: number,
  request: ChangeContactRequest,
): Promise<Contact> {
  const { scope, contactRuntime, actor } = context
  requireCapability(scope, 'contact.write')
  await requireContact(context, id)
  const deed = { kind: 'change' as const, change: await readRequest(context, request), revision }
  const result = await contactRuntime.change(scope.organizationId, id, { deed, ...authorOf(context), actor })
  return settle(context, result)
}
