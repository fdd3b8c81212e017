import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import {
  ChangeContactFieldRequest,
  ContactField,
  ContactFieldKey,
  CreateContactFieldRequest,
} from '../../contract/contact-field.ts'
import { page } from '../../contract/error.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Contacts']
const params = z.strictObject({ fieldKey: ContactFieldKey })

export const listContactFieldsRoute = createRoute({
  operationId: 'listContactFields',
  method: 'get',
  path: '/contact-fields',
  tags,
  summary: 'List custom fields',
  responses: { 200: json(page(ContactField), 'The fields, in the order in which they were defined.'), ...errors() },
})

export const createContactFieldRoute = createRoute({
  operationId: 'createContactField',
  method: 'post',
  path: '/contact-fields',
  tags,
  summary: 'Define a custom field',
  description: 'Every contact of the organization can have a value in it from now on. Its key and type stay for ever.',
  request: { body: jsonBody(CreateContactFieldRequest) },
  responses: { 201: json(ContactField, 'The new field.'), ...errors('contact_field.exists') },
})

export const changeContactFieldRoute = createRoute({
  operationId: 'changeContactField',
  method: 'patch',
  path: '/contact-fields/{fieldKey}',
  tags,
  summary: 'Change a custom field',
  request: { params, body: jsonBody(ChangeContactFieldRequest) },
  responses: { 200: json(ContactField, 'The field as it is now.'), ...errors('contact_field.not_found') },
})

export const removeContactFieldRoute = createRoute({
  operationId: 'removeContactField',
  method: 'delete',
  path: '/contact-fields/{fieldKey}',
  tags,
  summary: 'Remove a custom field',
  description: 'Contacts keep the values they have in it, unseen, until a field of this key is defined again.',
  request: { params },
  responses: {
    200: json(z.strictObject({ key: ContactFieldKey }), 'The field is gone.'),
    ...errors('contact_field.not_found'),
  },
})
