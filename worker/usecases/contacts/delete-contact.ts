import type { ContactId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { authorOf } from './author-of.ts'
import { requireContact } from './require-contact.ts'
import { settle } from './settle.ts'

/** Deletes a contact for good. With a `revision`, only if that is still its own. */
export async function deleteContact(
  context: Pick<Context, 'scope' | 'contacts' | 'contactRuntime' | 'actor' | 'cause'>,
  id: ContactId,
  revision?: number,
): Promise<void> {
  const { scope, contactRuntime, actor } = context
  requireCapability(scope, 'contact.delete')
  await requireContact(context, id)
  const deed = { kind: 'delete' as const, ...(revision === undefined ? {} : { revision }) }
  await settle(context, await contactRuntime.change(scope.organizationId, id, { deed, ...authorOf(context), actor }))
}
