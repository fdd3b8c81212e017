import { z } from 'zod'
import { defineEffect } from '../define.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'
import { checkFields, contactFields, contactId, fieldsOf, sampleContact, triggerContact } from './params.ts'

const updateParams = lazySchema(() => z.strictObject({ contactId: contactId(), fields: contactFields() }))

export const updateContact = defineEffect({
  type: 'contact.update',
  title: 'Update contact',
  description: 'Changes fields of a contact.',
  family: 'record',
  icon: 'user-pen',
  aliases: ['change contact', 'edit', 'field', 'person', 'crm', 'update_contact'],
  params: updateParams,
  check: checkFields,
  defaultParams: { contactId: triggerContact, fields: [] },
  ports: [out],
  summary: '{fields}',
  sampleOutput: { contact: sampleContact, changed: true },
  async perform({ params: { contactId: id, fields }, contacts }) {
    const { contact, changed } = await contacts.change(id, { fields: fieldsOf(fields) })
    return { output: { contact, changed }, port: out.name }
  },
})
