import type { ApiKey, CreateApiKeyRequest, CreatedApiKey } from '#contract/api-key.ts'
import type { Page } from '#contract/error.ts'
import { client } from './client.ts'

export function listApiKeys(signal?: AbortSignal): Promise<Page<ApiKey>> {
  return client.request('/api-keys', { signal })
}

/** The answer holds the secret, which nothing can show again. */
export function createApiKey(body: CreateApiKeyRequest): Promise<CreatedApiKey> {
  return client.request('/api-keys', { method: 'POST', body })
}

export function revokeApiKey(id: string): Promise<unknown> {
  return client.request(`/api-keys/${encodeURIComponent(id)}`, { method: 'DELETE' })
}
