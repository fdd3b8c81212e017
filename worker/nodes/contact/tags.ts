import { z } from 'zod'
import { defineEffect } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'
import { contactId, contactTags, sampleContact, tagsOf, triggerContact } from './params.ts'

const tagParams = lazySchema(() =>
  z.strictObject({
    contactId: contactId(),
    tags: contactTags()
      .refine((tags) => tagsOf(tags).length > 0, 'must name at least one tag')
      .meta(
        field({ title: 'Tags', description: 'Separated by commas.', control: 'text', placeholder: 'vip, customer' }),
      ),
  }),
)

const sampleOutput = { contact: sampleContact, changed: true }

export const addTags = defineEffect({
  type: 'contact.tag.add',
  title: 'Add tags',
  description: 'Adds tags to a contact. Those it has already stay.',
  family: 'record',
  icon: 'tag',
  aliases: ['tag contact', 'label', 'segment', 'add_tag', 'crm'],
  params: tagParams,
  defaultParams: { contactId: triggerContact, tags: '' },
  ports: [out],
  summary: '{tags}',
  sampleOutput,
  async perform({ params, contacts }) {
    const wishes = { fields: {}, addTags: tagsOf(params.tags) }
    const { contact, changed } = await contacts.change(params.contactId, wishes)
    return { output: { contact, changed }, port: out.name }
  },
})

export const removeTags = defineEffect({
  type: 'contact.tag.remove',
  title: 'Remove tags',
  description: 'Takes tags away from a contact. Those it does not have are passed over.',
  family: 'record',
  icon: 'tag-x',
  aliases: ['untag contact', 'label', 'segment', 'remove_tag', 'crm'],
  params: tagParams,
  defaultParams: { contactId: triggerContact, tags: '' },
  ports: [out],
  summary: '{tags}',
  sampleOutput,
  async perform({ params, contacts }) {
    const wishes = { fields: {}, removeTags: tagsOf(params.tags) }
    const { contact, changed } = await contacts.change(params.contactId, wishes)
    return { output: { contact, changed }, port: out.name }
  },
})
