import { flattenFields, readChange, type ContactChange } from '../../contacts/read-change.ts'
import type { ChangeContactRequest } from '../../contract/contact.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import type { Context } from '../context.ts'

/** What a request wants of a contact, in the form in which contacts are kept. Throws `request.invalid`. */
export async function readRequest(
  { contacts, contactFields }: Pick<Context, 'contacts' | 'contactFields'>,
  request: ChangeContactRequest,
): Promise<ContactChange> {
  const definitions = request.custom === undefined ? [] : await contactFields.list()
  const { tags, addTags = [], removeTags = [], ownerId } = request
  const read = readChange(flattenFields(request), { tags, add: addTags, remove: removeTags }, definitions)
  const problems = 'problems' in read ? read.problems : []
  if (ownerId !== undefined && ownerId !== null && !(await contacts.isMember(ownerId))) {
    problems.push({ path: 'ownerId', message: 'must be a member of this organization' })
  }
  if (problems.length > 0 || 'problems' in read) {
    throw invalidRequest(problems)
  }
  return read.change
}
