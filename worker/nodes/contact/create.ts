import { z } from 'zod'
import { defineEffect } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'
import { checkFields, contactFields, contactTags, fieldsOf, sampleContact, tagsOf } from './params.ts'

const createParams = lazySchema(() =>
  z.strictObject({
    fields: contactFields(),
    tags: contactTags()
      .default('')
      .meta(
        field({ title: 'Tags', description: 'Separated by commas.', control: 'text', placeholder: 'lead, website' }),
      ),
    whenFound: z
      .enum(['update', 'keep'])
      .default('update')
      .meta(
        field({
          title: 'If there is one already',
          description: 'One with the same e-mail address or phone number.',
          control: 'select',
          labels: { update: 'Change it', keep: 'Leave it as it is' },
        }),
      ),
  }),
)

export const createContact = defineEffect({
  type: 'contact.create',
  title: 'Create contact',
  description: 'Makes a contact, or finds the one with the same e-mail address or phone number.',
  family: 'record',
  icon: 'user-plus',
  aliases: ['add contact', 'find or create', 'upsert', 'lead', 'person', 'crm'],
  params: createParams,
  check: checkFields,
  defaultParams: { fields: [{ name: 'email', value: '{{ trigger.body.email }}' }], whenFound: 'update' },
  ports: [out],
  summary: '{fields}',
  sampleOutput: { contact: sampleContact, created: true, changed: true },
  async perform({ params: { fields, tags, whenFound }, contacts }) {
    const wishes = { fields: fieldsOf(fields), addTags: tagsOf(tags) }
    const { contact, created, changed } = await contacts.findOrCreate(wishes, whenFound)
    return { output: { contact, created, changed }, port: out.name }
  },
})
