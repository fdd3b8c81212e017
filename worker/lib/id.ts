import { idPrefixes, type IdKind } from '../contract/facts/id.ts'
import type * as ids from '../contract/id.ts'
import { base32, base32Number, parseBase32Number } from './base32.ts'
import { sha256, shortHash } from './digest.ts'
import { randomBytes } from './random-bytes.ts'

interface IdOf {
  organization: ids.OrganizationId
  user: ids.UserId
  team: ids.TeamId
  workflow: ids.WorkflowId
  version: ids.VersionId
  execution: ids.ExecutionId
  event: ids.EventId
  apiKey: ids.ApiKeyId
  contact: ids.ContactId
  calendar: ids.CalendarId
  approval: ids.ApprovalId
  invitation: ids.InvitationId
  tap: ids.TapId
}

const chanceBytes = 10

/** A new id: 10 digits of `at` (epoch ms) and 80 bits of chance. */
export function newId<Kind extends IdKind>(kind: Kind, at: number = Date.now()): IdOf[Kind] {
  return `${idPrefixes[kind]}_${base32Number(at, 10)}${base32(randomBytes(chanceBytes))}` as IdOf[Kind]
}

/** No id of that instant (epoch ms) or later sorts before this text, and every earlier one does. */
export function idBound(kind: IdKind, at: number): string {
  return `${idPrefixes[kind]}_${base32Number(at, 10)}`
}

/** When an id was made (an execution's: when its trigger was accepted), in epoch ms. */
export function idTime(id: string): number {
  const body = id.slice(id.indexOf('_') + 1)
  return parseBase32Number(body.slice(0, 10))
}

/**
 * An execution's name is its cause: the same event meets the same workflow under the same id, however often it is
 * delivered. Takes the time of the event, so executions sort by when their trigger was accepted.
 */
export function executionIdFor(cause: {
  organizationId: ids.OrganizationId
  workflowId: ids.WorkflowId
  nodeId: string
  eventId: ids.EventId
}): ids.ExecutionId {
  const time = cause.eventId.slice(cause.eventId.indexOf('_') + 1).slice(0, 10)
  const hash = shortHash(`${cause.organizationId}|${cause.workflowId}|${cause.nodeId}|${cause.eventId}`)
  return `exe_${time}${hash}` as ids.ExecutionId
}

/** A contact's id from the name of the request that makes it: asked twice, it is the same contact. */
export function contactIdFor(organizationId: ids.OrganizationId, request: string): ids.ContactId {
  return `con_${base32(sha256(`${organizationId}|${request}`).subarray(0, 16))}` as ids.ContactId
}

/** An approval's id: which step of which execution asks, in which generation. Sorts by when it asked (epoch ms). */
export function approvalIdFor(
  executionId: ids.ExecutionId,
  { generation, path, at }: { generation: number; path: string; at: number },
): ids.ApprovalId {
  return `apr_${base32Number(at, 10)}${shortHash(`${executionId}|${generation}|${path}`)}` as ids.ApprovalId
}

/** A key for a hook's address: 128 bits of chance. */
export function newHookKey(): ids.HookKey {
  return base32(randomBytes(16)) as ids.HookKey
}
