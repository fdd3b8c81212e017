import type { ExecutionLimit, SetExecutionLimitRequest } from '#contract/execution-limit.ts'
import { client } from './client.ts'

export function getExecutionLimit(signal?: AbortSignal): Promise<ExecutionLimit> {
  return client.request('/execution-limit', { signal })
}

export function setExecutionLimit(body: SetExecutionLimitRequest): Promise<ExecutionLimit> {
  return client.request('/execution-limit', { method: 'PUT', body })
}
