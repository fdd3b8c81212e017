import type { ContactTag } from '../../contract/contact.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** The tags of the contacts the caller sees, the most used first. */
export async function listContactTags({
  scope,
  contacts,
}: Pick<Context, 'scope' | 'contacts'>): Promise<{ items: ContactTag[] }> {
  requireCapability(scope, 'contact.read')
  return { items: await contacts.listTags() }
}
