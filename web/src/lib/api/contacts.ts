import type { ContactField, CreateContactFieldRequest } from '#contract/contact-field.ts'
import type {
  ChangeContactRequest,
  Contact,
  ContactTag,
  CreateContactRequest,
  TaggedContacts,
} from '#contract/contact.ts'
import type { Page } from '#contract/error.ts'
import { client } from './client.ts'

export interface ContactFilter {
  search?: string | undefined
  /** A contact has to have all of them. */
  tags?: readonly string[] | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

export function listContacts(filter: ContactFilter = {}, signal?: AbortSignal): Promise<Page<Contact>> {
  return client.request('/contacts', { query: { ...filter }, signal })
}

export function getContact(id: string, signal?: AbortSignal): Promise<Contact> {
  return client.request(at(id), { signal })
}

/** Fails with `contact.taken` when another contact has its e-mail address or phone number. */
export function createContact(body: CreateContactRequest): Promise<Contact> {
  return client.request('/contacts', { method: 'POST', body })
}

/** Changes the contact over `revision`. Fails with `contact.conflict` when somebody changed it since. */
export function changeContact(id: string, revision: number, body: ChangeContactRequest): Promise<Contact> {
  return client.request(at(id), { method: 'PATCH', ifMatch: revision, body })
}

export function deleteContact(id: string): Promise<unknown> {
  return client.request(at(id), { method: 'DELETE' })
}

export function tagContacts(body: {
  contactIds: string[]
  add?: string[]
  remove?: string[]
}): Promise<TaggedContacts> {
  return client.request('/contacts/bulk-tag', { method: 'POST', body })
}

/** The tags in use, the most used first. */
export async function listContactTags(signal?: AbortSignal): Promise<ContactTag[]> {
  return (await client.request<Page<ContactTag>>('/contact-tags', { signal })).items
}

/** The fields that the organization defined. */
export async function listContactFields(signal?: AbortSignal): Promise<ContactField[]> {
  return (await client.request<Page<ContactField>>('/contact-fields', { signal })).items
}

export function createContactField(body: CreateContactFieldRequest): Promise<ContactField> {
  return client.request('/contact-fields', { method: 'POST', body })
}

export function removeContactField(key: string): Promise<unknown> {
  return client.request(`/contact-fields/${encodeURIComponent(key)}`, { method: 'DELETE' })
}

function at(id: string): string {
  return `/contacts/${encodeURIComponent(id)}`
}
