import type { Page } from '#contract/error.ts'
import type { OutboundRule, OutboundTrouble, SetOutboundRuleRequest } from '#contract/outbound.ts'
import { client } from './client.ts'

export function listOutboundRules(signal?: AbortSignal): Promise<Page<OutboundRule>> {
  return client.request('/outbound-rules', { signal })
}

/** In the place of the rule that the host has, if any. */
export function setOutboundRule(body: Omit<SetOutboundRuleRequest, 'host'> & { host: string }): Promise<OutboundRule> {
  return client.request('/outbound-rules', { method: 'PUT', body })
}

export function removeOutboundRule(host: string): Promise<{ host: string }> {
  return client.request(`/outbound-rules/${encodeURIComponent(host)}`, { method: 'DELETE' })
}

export function listOutboundTroubles(signal?: AbortSignal): Promise<Page<OutboundTrouble>> {
  return client.request('/outbound-troubles', { signal })
}

/** Throws `breaker.not_open` where calls are let through already. */
export function closeBreaker(host: string): Promise<{ host: string }> {
  return client.request(`/outbound-troubles/${encodeURIComponent(host)}`, { method: 'DELETE' })
}
