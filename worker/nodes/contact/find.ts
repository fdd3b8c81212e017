import { z } from 'zod'
import { defineEffect } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { sampleContact, triggerContact } from './params.ts'

const findParams = lazySchema(() =>
  z.strictObject({
    by: z
      .enum(['id', 'email', 'phone'])
      .default('id')
      .meta(
        field({
          title: 'Find by',
          control: 'select',
          labels: { id: 'Id', email: 'E-mail address', phone: 'Phone number' },
        }),
      ),
    value: z
      .string()
      .min(1)
      .max(254)
      .meta(field({ title: 'Value', control: 'text', placeholder: '{{ trigger.body.email }}' })),
  }),
)

export const findContact = defineEffect({
  type: 'contact.find',
  title: 'Find contact',
  description: 'Looks for a contact and goes on by whether there is one.',
  family: 'record',
  icon: 'search',
  aliases: ['lookup', 'get contact', 'search', 'person', 'crm'],
  params: findParams,
  defaultParams: { by: 'id', value: triggerContact },
  ports: [
    { name: 'found', label: 'Found' },
    { name: 'notFound', label: 'Not found' },
  ],
  summary: '{by}: {value}',
  sampleOutput: { contact: sampleContact },
  async perform({ params: { by, value }, contacts }) {
    const contact = await contacts.find({ kind: by, value })
    return { output: { contact }, port: contact === null ? 'notFound' : 'found' }
  },
})
