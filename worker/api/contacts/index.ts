import { changeContact } from '../../usecases/contacts/change-contact.ts'
import {
  changeContactField,
  createContactField,
  listContactFields,
  removeContactField,
} from '../../usecases/contacts/contact-fields.ts'
import { getContactLimits, setContactLimits } from '../../usecases/contacts/contact-limits.ts'
import { createContact } from '../../usecases/contacts/create-contact.ts'
import { deleteContact } from '../../usecases/contacts/delete-contact.ts'
import { getContact } from '../../usecases/contacts/get-contact.ts'
import { listContactTags } from '../../usecases/contacts/list-contact-tags.ts'
import { listContacts } from '../../usecases/contacts/list-contacts.ts'
import { tagContacts } from '../../usecases/contacts/tag-contacts.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { etagOf, readRevision, requireRevision } from '../headers.ts'
import * as fields from './field-routes.ts'
import * as limits from './limit-routes.ts'
import * as routes from './routes.ts'

export const contactsApi = createApi()
  .openapi(routes.listContactsRoute, async (c) => {
    return answer(c, await listContacts(c.var.context, c.req.valid('query')), 200)
  })
  .openapi(routes.createContactRoute, async (c) => {
    const key = c.req.valid('header')['idempotency-key']
    const contact = await createContact(c.var.context, c.req.valid('json'), key)
    c.header('ETag', etagOf(contact))
    return answer(c, contact, 201)
  })
  .openapi(routes.tagContactsRoute, async (c) => {
    return answer(c, await tagContacts(c.var.context, c.req.valid('json')), 200)
  })
  .openapi(routes.getContactRoute, async (c) => {
    const contact = await getContact(c.var.context, c.req.valid('param').contactId)
    c.header('ETag', etagOf(contact))
    return answer(c, contact, 200)
  })
  .openapi(routes.changeContactRoute, async (c) => {
    const revision = requireRevision(c.req.valid('header')['if-match'])
    const { contactId } = c.req.valid('param')
    const contact = await changeContact(c.var.context, contactId, revision, c.req.valid('json'))
    c.header('ETag', etagOf(contact))
    return answer(c, contact, 200)
  })
  .openapi(routes.deleteContactRoute, async (c) => {
    const { contactId: id } = c.req.valid('param')
    await deleteContact(c.var.context, id, readRevision(c.req.valid('header')['if-match']))
    return answer(c, { id }, 200)
  })
  .openapi(routes.listContactTagsRoute, async (c) => {
    return answer(c, await listContactTags(c.var.context), 200)
  })
  .openapi(fields.listContactFieldsRoute, async (c) => {
    return answer(c, await listContactFields(c.var.context), 200)
  })
  .openapi(fields.createContactFieldRoute, async (c) => {
    return answer(c, await createContactField(c.var.context, c.req.valid('json')), 201)
  })
  .openapi(fields.changeContactFieldRoute, async (c) => {
    const { fieldKey } = c.req.valid('param')
    return answer(c, await changeContactField(c.var.context, fieldKey, c.req.valid('json')), 200)
  })
  .openapi(fields.removeContactFieldRoute, async (c) => {
    const { fieldKey: key } = c.req.valid('param')
    await removeContactField(c.var.context, key)
    return answer(c, { key }, 200)
  })
  .openapi(limits.getContactLimitsRoute, async (c) => answer(c, await getContactLimits(c.var.context), 200))
  .openapi(limits.setContactLimitsRoute, async (c) => {
    return answer(c, await setContactLimits(c.var.context, c.req.valid('json')), 200)
  })
