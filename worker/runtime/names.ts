import type { ContactId, ExecutionId, OrganizationId, WorkflowId } from '../contract/id.ts'
import type { GateRef } from '../engine/event.ts'
import { sha256Hex } from '../lib/digest.ts'
import { hash53 } from '../lib/hash53.ts'

/**
 * The names of our objects: always with the organization in them, so an id of one organization cannot reach an object
 * of another. `v1` lets a later layout live beside this one.
 */
export function executionName(organizationId: OrganizationId, id: ExecutionId): string {
  return `v1:${organizationId}:execution:${id}`
}

/** The name of a contact’s object. */
export function contactObjectName(organizationId: OrganizationId, id: ContactId): string {
  return `v1:${organizationId}:contact:${id}`
}

/** Of a contact; or, with null, of the organization. */
export function waitersName(organizationId: OrganizationId, contact: string | null): string {
  return `v1:${organizationId}:waiters:${contact ?? 'any'}`
}

/** Of all that follows from one event; or of what repeats without a cause that is known. */
export function chainName(organizationId: OrganizationId, root: string): string {
  return `v1:${organizationId}:chain:${root}`
}

/** The name of one of the inboxes of an organization. */
export function inboxName(organizationId: OrganizationId, shard: number): string {
  return `v1:${organizationId}:inbox:${shard}`
}

/** Of the gate that all executions of an installation pass, where it has one. */
export const installationGate = 'v1:installation:gate'

/** Of the gate that all executions of an organization pass, where it has one. */
export function organizationGate(organizationId: OrganizationId): string {
  return `v1:${organizationId}:gate:organization`
}

/** Of a gate of one kind; of a workflow's own, one per key, or one for all. */
export function gateName(organizationId: OrganizationId, workflowId: WorkflowId, { gate, key }: GateRef): string {
  if (gate === 'installation') return installationGate
  if (gate === 'organization') return organizationGate(organizationId)
  return `v1:${organizationId}:gate:${workflowId}:${gate}:${key === null ? 'all' : sha256Hex(key)}`
}

/** Who calls whom: the connection is absent for calls without one, as all are so far. */
export interface OutboundName {
  organizationId: OrganizationId
  connection?: string
  host: string
}

/** The name of the object that keeps what is known of a host; read by `outboundOf`. */
export function outboundName({ organizationId, connection = '-', host }: OutboundName): string {
  return `v1:${organizationId}:outbound:${connection}:${host}`
}

/** What a name made by `outboundName` says. A host may hold colons. */
export function outboundOf(name: string): OutboundName {
  const [, organizationId = '', , connection = '-', ...host] = name.split(':')
  return {
    organizationId: organizationId as OrganizationId,
    ...(connection !== '-' && { connection }),
    host: host.join(':'),
  }
}

/** The organization a name belongs to: what every method of an object checks its caller against. */
export function organizationOf(name: string): string {
  return name.split(':')[1] ?? ''
}

/**
 * Inboxes per organization. Keys are spread by hash; changing the number forgets what 7 days of keys have seen. One is the
 * cheapest: the busier it is, the more events go together in each call and each commit.
 */
export const inboxShards = 1

/** The shard that remembers a dedupe key. */
export function shardOf(key: string): number {
  return inboxShards === 1 ? 0 : hash53(key) % inboxShards
}
