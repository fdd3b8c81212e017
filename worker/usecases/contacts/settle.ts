import type { Contact } from '../../contract/contact.ts'
import { contactLimits } from '../../contract/facts/contact.ts'
import { appError } from '../../lib/app-error.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Context } from '../context.ts'
import type { ContactResult } from './ports.ts'

/** The contact, or why the request could not be done, as an error. */
export async function settle({ contacts }: Pick<Context, 'contacts'>, result: ContactResult): Promise<Contact> {
  switch (result.kind) {
    case 'done':
      return result.contact
    case 'missing':
      throw appError('contact.not_found')
    case 'stale':
      throw appError('contact.conflict', { details: { revision: result.revision } })
    case 'taken': {
      const { field, contactId } = result
      // That somebody has it cannot be hidden; who they are is for those who see them.
      const [visible] = await contacts.findVisible([contactId])
      throw appError('contact.taken', { details: { field, ...(visible === undefined ? {} : { contactId }) } })
    }
    case 'tooLarge':
      throw appError('contact.too_large', { details: { maxBytes: contactLimits.bytes, maxTags: contactLimits.tags } })
    case 'keyConflict':
      throw appError('hook.conflict')
    default:
      return unreachable(result)
  }
}
