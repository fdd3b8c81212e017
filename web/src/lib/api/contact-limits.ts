import type { ContactLimits } from '#contract/contact-limits.ts'
import { client } from './client.ts'

export function getContactLimits(signal?: AbortSignal): Promise<ContactLimits> {
  return client.request('/contact-limits', { signal })
}

export function setContactLimits(body: ContactLimits): Promise<ContactLimits> {
  return client.request('/contact-limits', { method: 'PUT', body })
}
