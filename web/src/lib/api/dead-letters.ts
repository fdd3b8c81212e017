import type {
  BulkDeadLettersRequest,
  BulkDeadLettersResult,
  DeadLetter,
  DeadLetterKind,
  DeadLetterSummary,
  RetriedDeadLetter,
} from '#contract/dead-letter.ts'
import type { Page } from '#contract/error.ts'
import type { Json } from '#contract/json.ts'
import { client } from './client.ts'

export interface DeadLetterFilter {
  kind?: DeadLetterKind | undefined
  workflowId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

export function listDeadLetters(filter: DeadLetterFilter = {}, signal?: AbortSignal): Promise<Page<DeadLetterSummary>> {
  return client.request('/dead-letters', { query: { ...filter }, signal })
}

export function getDeadLetter(id: string, signal?: AbortSignal): Promise<DeadLetter> {
  return client.request(at(id), { signal })
}

/** Tries again; with `data` in the place of what it carried. */
export function retryDeadLetter(
  id: string,
  request: { data?: Json; version?: 'same' | 'published' } = {},
): Promise<RetriedDeadLetter> {
  return client.request(`${at(id)}/retry`, { method: 'POST', body: request })
}

export function discardDeadLetter(id: string): Promise<unknown> {
  return client.request(at(id), { method: 'DELETE' })
}

/** Up to 100 at a time. */
export function changeDeadLetters(
  action: BulkDeadLettersRequest['action'],
  ids: readonly string[],
): Promise<BulkDeadLettersResult> {
  return client.request('/dead-letters/bulk', { method: 'POST', body: { action, ids } })
}

function at(id: string): string {
  return `/dead-letters/${encodeURIComponent(id)}`
}
