import type {
  ChangeContactFieldRequest,
  ContactField,
  CreateContactFieldRequest,
} from '../../contract/contact-field.ts'
import { contactFieldLimits } from '../../contract/facts/contact-field.ts'
import { appError } from '../../lib/app-error.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

type Fields = Pick<Context, 'scope' | 'contactFields'>

/** The fields that the organization defined, in the order in which it did. */
export async function listContactFields({ scope, contactFields }: Fields): Promise<{ items: ContactField[] }> {
  requireCapability(scope, 'contact.read')
  return { items: await contactFields.list() }
}

/** Throws `contact_field.exists` when the key is taken. */
export async function createContactField(
  { scope, contactFields, now }: Fields & Pick<Context, 'now'>,
  { options = [], ...field }: CreateContactFieldRequest,
): Promise<ContactField> {
  requireCapability(scope, 'contact_field.manage')
  const created = await contactFields.create({ ...field, options }, now())
  const stored = await contactFields.find(field.key)
  if (created && stored !== undefined) return stored
  if (stored !== undefined) throw appError('contact_field.exists')
  throw invalid('key', `there are ${contactFieldLimits.fields} fields, which is as many as there may be`)
}

/** What is left out stays. An option that goes away stays with the contacts that have it. */
export async function changeContactField(
  { scope, contactFields }: Fields,
  key: string,
  request: ChangeContactFieldRequest,
): Promise<ContactField> {
  requireCapability(scope, 'contact_field.manage')
  const before = await contactFields.find(key)
  if (before === undefined) throw appError('contact_field.not_found')
  const isSelect = before.type === 'select' || before.type === 'multiSelect'
  if (request.options !== undefined && isSelect !== request.options.length > 0) {
    throw invalid('options', isSelect ? 'must have at least one' : `do not belong to the type ${before.type}`)
  }
  const changed = await contactFields.change(key, request)
  const after = await contactFields.find(key)
  if (!changed || after === undefined) throw appError('contact_field.not_found')
  return after
}

/** Contacts keep the values they have in it, unseen, until it is defined again. */
export async function removeContactField({ scope, contactFields }: Fields, key: string): Promise<void> {
  requireCapability(scope, 'contact_field.manage')
  if (!(await contactFields.remove(key))) throw appError('contact_field.not_found')
}

function invalid(path: string, message: string) {
  return invalidRequest([{ path, message }])
}
