import type { TagContactsRequest, TaggedContacts } from '../../contract/contact.ts'
import type { ContactId } from '../../contract/id.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { authorOf } from './author-of.ts'
import { readRequest } from './read-request.ts'
import { settle } from './settle.ts'

/** Contacts changed at a time: each is an object of its own. */
const atOnce = 10

/** Adds and removes tags of many contacts, each in a change of its own. Doing it twice changes nothing more. */
export async function tagContacts(
  context: Pick<Context, 'scope' | 'contacts' | 'contactFields' | 'contactRuntime' | 'actor' | 'cause'>,
  { contactIds, add = [], remove = [] }: TagContactsRequest,
): Promise<TaggedContacts> {
  const { scope, contacts, contactRuntime, actor } = context
  requireCapability(scope, 'contact.write')
  const change = await readRequest(context, { addTags: add, removeTags: remove })
  const wanted = [...new Set(contactIds)]
  const visible = new Set(await contacts.findVisible(wanted))
  const tagged: TaggedContacts = { changed: [], unchanged: [], notFound: [] }

  async function tag(id: ContactId): Promise<void> {
    if (!visible.has(id)) return void tagged.notFound.push(id)
    const request = { deed: { kind: 'change' as const, change }, ...authorOf(context), actor }
    const result = await contactRuntime.change(scope.organizationId, id, request)
    if (result.kind === 'missing') return void tagged.notFound.push(id)
    await settle(context, result)
    const didChange = result.kind === 'done' && result.changed
    ;(didChange ? tagged.changed : tagged.unchanged).push(id)
  }

  for (let from = 0; from < wanted.length; from += atOnce) await Promise.all(wanted.slice(from, from + atOnce).map(tag))
  return tagged
}
