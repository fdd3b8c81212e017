import { z } from 'zod'
import { hookKeyText } from './facts/id.ts'

/**
 * Ids say what they name (`wf_…`, `exe_…`) and are checked at every border, so an id of the wrong kind never gets past
 * parsing. Their body is 26 Crockford base32 digits: 10 of time in epoch ms and 16 of chance or hash, so ids of one
 * kind sort by when they were made.
 */
function idText(prefix: string, description: string, message = `must be an id that starts with ${prefix}_`) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{26}$`), message)
    .meta({ description, example: `${prefix}_01jd4x8m3w5q7r9t1v3x5z7b9d` })
}

/** Of an organization: what everything else belongs to. */
export const OrganizationId = idText('org', 'The id of an organization.')
  .brand<'OrganizationId'>()
  .meta({ id: 'OrganizationId' })
export type OrganizationId = z.infer<typeof OrganizationId>
/** Of a person, in all organizations they are a member of. */
export const UserId = idText('usr', 'The id of a person.').brand<'UserId'>().meta({ id: 'UserId' })
export type UserId = z.infer<typeof UserId>
/** Of a team within an organization. */
export const TeamId = idText('team', 'The id of a team.').brand<'TeamId'>().meta({ id: 'TeamId' })
export type TeamId = z.infer<typeof TeamId>
/** Of a workflow, over all its versions. */
export const WorkflowId = idText('wf', 'The id of a workflow.').brand<'WorkflowId'>().meta({ id: 'WorkflowId' })
export type WorkflowId = z.infer<typeof WorkflowId>
/** Of a published version of a workflow. */
export const VersionId = idText('ver', 'The id of a published version.').brand<'VersionId'>().meta({ id: 'VersionId' })
export type VersionId = z.infer<typeof VersionId>
/** Of an execution. Follows from its workflow, trigger and event, so the same event starts it once. */
export const ExecutionId = idText('exe', 'The id of an execution.').brand<'ExecutionId'>().meta({ id: 'ExecutionId' })
export type ExecutionId = z.infer<typeof ExecutionId>
/** Where a list of executions goes on: after this one. */
export const ExecutionCursor = idText('exe', 'The id of an execution.', 'is not a cursor that a list gave')
  .brand<'ExecutionId'>()
  .meta({ description: 'The `nextCursor` of the page before; left out, the list begins.' })
/** Of an event that was accepted: a webhook, an event of the API, a start by hand. */
export const EventId = idText(
  'evt',
  'The id of an event that was accepted: of a webhook, of the API, or of a start by hand.',
)
  .brand<'EventId'>()
  .meta({ id: 'EventId' })
export type EventId = z.infer<typeof EventId>
/** Of a contact. */
export const ContactId = idText('con', 'The id of a contact.').brand<'ContactId'>().meta({ id: 'ContactId' })
export type ContactId = z.infer<typeof ContactId>
/** Of an API key; not its secret. */
export const ApiKeyId = idText('key', 'The id of an API key; not its secret.')
  .brand<'ApiKeyId'>()
  .meta({ id: 'ApiKeyId' })
export type ApiKeyId = z.infer<typeof ApiKeyId>
/** Of a business calendar. */
export const CalendarId = idText('cal', 'The id of a calendar.').brand<'CalendarId'>().meta({ id: 'CalendarId' })
export type CalendarId = z.infer<typeof CalendarId>

/** Of an invitation. It opens nothing: what is good for accepting one is in its link alone. */
export const InvitationId = idText('inv', 'The id of an invitation.')
  .brand<'InvitationId'>()
  .meta({ id: 'InvitationId' })
export type InvitationId = z.infer<typeof InvitationId>

/** Of an approval. Follows from its execution and step, so it is asked for once. */
export const ApprovalId = idText('apr', 'The id of an approval.').brand<'ApprovalId'>().meta({ id: 'ApprovalId' })
export type ApprovalId = z.infer<typeof ApprovalId>

/** Of a tap: somebody who listens at a trigger for something to test with. */
export const TapId = idText('tap', 'The id that opening the tap answered with.').brand<'TapId'>().meta({ id: 'TapId' })
export type TapId = z.infer<typeof TapId>

/** The key in a hook's address: 128 bits of chance, so that it cannot be guessed. */
export const HookKey = z.string().regex(hookKeyText).brand<'HookKey'>().meta({ id: 'HookKey' })
export type HookKey = z.infer<typeof HookKey>
