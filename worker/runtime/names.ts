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

/** The name of a contact’s object; read by `contactIn`. */
export function contactObjectName(organizationId: OrganizationId, id: ContactId): string {
  return `v1:${organizationId}:contact:${id}`
}

/** The contact whose object has a name made by `contactObjectName`. */
export function contactIn(name: string): { organizationId: OrganizationId; id: ContactId } {
  const [, organizationId, , id] = name.split(':')
  return { organizationId: organizationId as OrganizationId, id: id as ContactId }
}

/** The name of the object that keeps who waits for events about a contact; with null, about anybody. */
export function waitersName(organizationId: OrganizationId, contact: string | null): string {
  return `v1:${organizationId}:waiters:${contact ?? 'any'}`
}

/** The name of the object that counts what follows from one event, or what repeats without a known cause. */
export function chainName(organizationId: OrganizationId, root: string): string {
  return `v1:${organizationId}:chain:${root}`
}

/** The name of one of the inboxes of an organization; read by `inboxIn`. */
export function inboxName(organizationId: OrganizationId, shard: number): string {
  return `v1:${organizationId}:inbox:${shard}`
}

/** The inbox whose object has a name made by `inboxName`. */
export function inboxIn(name: string): { organizationId: OrganizationId; shard: number } {
  const [, organizationId, , shard] = name.split(':')
  return { organizationId: organizationId as OrganizationId, shard: Number(shard) }
}

/** The name of the gate that all executions of an installation pass, where it has one. */
export const installationGate = 'v1:installation:gate'

/** The name of the gate that all executions of an organization pass, where it has one. */
export function organizationGate(organizationId: OrganizationId): string {
  return `v1:${organizationId}:gate:organization`
}

/** The name of a gate of one kind: of a workflow's own there is one per key, or one for all. */
export function gateName(organizationId: OrganizationId, workflowId: WorkflowId, { gate, key }: GateRef): string {
  if (gate === 'installation') return installationGate
  if (gate === 'organization') return organizationGate(organizationId)
  return `v1:${organizationId}:gate:${workflowId}:${gate}:${key === null ? 'all' : sha256Hex(key)}`
}

/** An organization's calls to a host; the connection is absent for calls without one, as all are so far. */
export interface OutboundName {
  organizationId: OrganizationId
  connection?: string
  host: string
}

/** The name of the object that keeps what is known of a host; read by `outboundIn`. */
export function outboundName({ organizationId, connection = '-', host }: OutboundName): string {
  return `v1:${organizationId}:outbound:${connection}:${host}`
}

/** What a name made by `outboundName` says. A host may hold colons. */
export function outboundIn(name: string): OutboundName {
  const [, organizationId = '', , connection = '-', ...host] = name.split(':')
  return {
    organizationId: organizationId as OrganizationId,
    ...(connection !== '-' && { connection }),
    host: host.join(':'),
  }
}

/** The organization a name belongs to: what every method of an object checks its caller against. */
export function organizationOf(name: string): OrganizationId {
  return (name.split(':')[1] ?? '') as OrganizationId
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
