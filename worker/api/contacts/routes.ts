import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  ChangeContactRequest,
  Contact,
  ContactListQuery,
  ContactTag,
  CreateContactRequest,
  TagContactsRequest,
  TaggedContacts,
} from '../../contract/contact.ts'
import { page } from '../../contract/error.ts'
import { ContactId } from '../../contract/id.ts'
import { IdempotencyKey, IfMatch, NeededIfMatch } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Contacts']
const params = z.strictObject({ contactId: ContactId })
const etag = { headers: z.object({ ETag: z.string().meta({ description: 'The revision of the contact.' }) }) }

export const listContactsRoute = createRoute({
  operationId: 'listContacts',
  method: 'get',
  path: '/contacts',
  tags,
  summary: 'List contacts',
  description: 'Those the caller sees, most recently changed first. All filters must hold.',
  request: { query: ContactListQuery },
  responses: { 200: json(page(Contact), 'A page of contacts.'), ...errors() },
})

export const createContactRoute = createRoute({
  operationId: 'createContact',
  method: 'post',
  path: '/contacts',
  tags,
  summary: 'Create a contact',
  description:
    'Belongs to the caller unless it says otherwise. An e-mail address or phone number that another contact has is ' +
    'refused, and the answer names that contact to those who see it.',
  request: { headers: IdempotencyKey, body: jsonBody(CreateContactRequest) },
  responses: {
    201: { ...json(Contact, 'The new contact.'), ...etag },
    ...errors('contact.taken', 'contact.too_large', 'contact.not_found', 'hook.conflict', 'service.unavailable'),
  },
})

export const getContactRoute = createRoute({
  operationId: 'getContact',
  method: 'get',
  path: '/contacts/{contactId}',
  tags,
  summary: 'Read a contact',
  request: { params },
  responses: { 200: { ...json(Contact, 'The contact.'), ...etag }, ...errors('contact.not_found') },
})

export const changeContactRoute = createRoute({
  operationId: 'changeContact',
  method: 'patch',
  path: '/contacts/{contactId}',
  tags,
  summary: 'Change a contact',
  description: 'What is left out stays. `If-Match` names the revision that was edited.',
  request: { params, headers: NeededIfMatch, body: jsonBody(ChangeContactRequest) },
  responses: {
    200: { ...json(Contact, 'The contact as it is now.'), ...etag },
    ...errors(
      'contact.not_found',
      'contact.conflict',
      'contact.taken',
      'contact.too_large',
      'request.precondition_required',
      'service.unavailable',
    ),
  },
})

export const deleteContactRoute = createRoute({
  operationId: 'deleteContact',
  method: 'delete',
  path: '/contacts/{contactId}',
  tags,
  summary: 'Delete a contact',
  description: 'For good: nothing about the person is kept but what executions had seen of them.',
  request: { params, headers: IfMatch },
  responses: {
    200: json(z.strictObject({ id: ContactId }), 'The contact is gone.'),
    ...errors('contact.not_found', 'contact.conflict', 'service.unavailable'),
  },
})

export const tagContactsRoute = createRoute({
  operationId: 'tagContacts',
  method: 'post',
  path: '/contacts/bulk-tag',
  tags,
  summary: 'Tag many contacts',
  description:
    'Adds and removes tags of up to 100 contacts. Each changes by itself; asking again changes nothing more.',
  request: { body: jsonBody(TagContactsRequest) },
  responses: {
    200: json(TaggedContacts, 'Which of them changed.'),
    ...errors('contact.not_found', 'contact.too_large', 'service.unavailable'),
  },
})

export const listContactTagsRoute = createRoute({
  operationId: 'listContactTags',
  method: 'get',
  path: '/contact-tags',
  tags,
  summary: 'List the tags in use',
  description: 'The most used first, counted over the contacts that the caller sees.',
  responses: { 200: json(page(ContactTag), 'The tags.'), ...errors() },
})
