import { z } from 'zod'
import { Json } from './json.ts'

/** Every error a caller can meet, with the status it travels under. Codes are API: never rename one. */
export const errorCatalogue = {
  'request.invalid': { status: 400, message: 'The request is not valid.' },
  'request.malformed_json': { status: 400, message: 'The body is not valid JSON.' },
  'request.too_large': { status: 413, message: 'The body is larger than allowed.' },
  'request.unsupported_media_type': { status: 415, message: 'This content type is not supported.' },
  'request.precondition_required': { status: 428, message: 'Send If-Match with the revision you edited.' },
  'request.not_found': { status: 404, message: 'There is nothing at this address. /api/docs lists all there are.' },
  'request.method_not_allowed': { status: 405, message: 'This address does not take that method.' },
  'request.rate_limited': { status: 429, message: 'Too many requests. Wait and try again.' },
  'request.forbidden_origin': { status: 403, message: 'Requests with a session must come from this site.' },
  'auth.required': { status: 401, message: 'Sign in, or send an API key.' },
  'auth.invalid_key': { status: 401, message: 'This API key is unknown, expired or revoked.' },
  'auth.no_organization': { status: 403, message: 'You are not a member of an organization yet.' },
  'auth.other_organization': {
    status: 409,
    message: 'Another organization was opened in this browser meanwhile. Load the page again.',
  },
  'auth.forbidden': { status: 403, message: 'You may not do this in this organization.' },
  'member.not_found': { status: 404, message: 'No such member.' },
  'member.oneself': { status: 403, message: 'Somebody else has to change this about you.' },
  'member.last_owner': { status: 409, message: 'An organization needs an owner. Make somebody else an owner first.' },
  'member.exists': { status: 409, message: 'Somebody with this e-mail address is a member already.' },
  'member.too_many': { status: 409, message: 'The organization has as many members as it may have.' },
  'invitation.not_found': {
    status: 404,
    message: 'There is no such invitation. A newer one may have taken its place.',
  },
  'invitation.too_many': { status: 409, message: 'The organization has as many open invitations as it may have.' },
  'invitation.expired': { status: 410, message: 'The invitation has expired. Ask for a new one.' },
  'invitation.closed': { status: 409, message: 'The invitation was used, declined or taken back.' },
  'invitation.other_address': { status: 403, message: 'The invitation is for another e-mail address than yours.' },
  'workflow.not_found': { status: 404, message: 'No such workflow.' },
  'workflow.conflict': { status: 412, message: 'Someone else saved this workflow first.' },
  'workflow.invalid': { status: 422, message: 'The workflow has problems that must be mended first.' },
  'workflow.not_published': { status: 409, message: 'Publish the workflow first.' },
  'workflow.archived': { status: 409, message: 'The workflow is archived. Restore it first.' },
  'workflow.no_trigger': { status: 422, message: 'The workflow has no trigger to start at.' },
  'simulation.too_large': { status: 422, message: 'This simulation is larger than one may be. Take fewer contacts.' },
  'simulation.busy': { status: 429, message: 'Another simulation of this organization is under way. Wait for it.' },
  'version.not_found': { status: 404, message: 'No such version.' },
  'execution.not_found': { status: 404, message: 'No such execution.' },
  'execution.finished': { status: 409, message: 'The execution has already finished.' },
  'execution.not_begun': { status: 409, message: 'The execution is about to begin. Ask again in a moment.' },
  'execution.queued': { status: 409, message: 'The execution waits for its turn: nothing of it has begun.' },
  'execution.not_finished': { status: 409, message: 'The execution has not finished yet.' },
  'execution.step_unknown': { status: 409, message: 'The execution never came to this step.' },
  'execution.loop_detected': { status: 409, message: 'Workflows go round in a circle. It was not started again.' },
  'execution.not_forkable': { status: 409, message: 'The execution cannot be run again from there.' },
  'execution.version_misfit': { status: 409, message: 'The execution cannot go on with that version.' },
  'execution.pretended': {
    status: 409,
    message: 'Its effects were only pretended. Fork what it is a fork of instead.',
  },
  'dead_letter.not_found': { status: 404, message: 'No such dead letter. It may have been retried or discarded.' },
  'dead_letter.not_editable': { status: 409, message: 'A record can only be written as it is.' },
  'execution.step_gone': { status: 409, message: 'No step of the execution is open or about to begin there.' },
  'execution.step_idle': { status: 409, message: 'This step makes no call that could be made again.' },
  'execution.jump_impossible': { status: 409, message: 'From this step an execution cannot go on there.' },
  'execution.payload_forbidden': { status: 403, message: 'You may see the status of executions, not their data.' },
  'contact.not_found': { status: 404, message: 'No such contact.' },
  'contact.conflict': { status: 412, message: 'Someone else changed this contact first.' },
  'contact.taken': { status: 409, message: 'Another contact has this e-mail address or phone number.' },
  'contact.too_large': { status: 413, message: 'The contact is larger than allowed.' },
  'contact_field.not_found': { status: 404, message: 'No such field.' },
  'contact_field.exists': { status: 409, message: 'There is a field with this key already.' },
  'calendar.not_found': { status: 404, message: 'No such calendar.' },
  'calendar.conflict': { status: 412, message: 'Someone else changed this calendar first.' },
  'calendar.in_use': { status: 409, message: 'Live workflows wait by this calendar.' },
  'calendar.is_default': { status: 409, message: 'Make another calendar the default first.' },
  'defaults.conflict': { status: 412, message: 'Someone else changed these defaults first.' },
  'calendar.too_many': { status: 409, message: 'The organization has as many calendars as it may have.' },
  'variable.not_found': { status: 404, message: 'No such variable.' },
  'variable.conflict': { status: 412, message: 'Someone else changed this variable first.' },
  'variable.too_many': { status: 409, message: 'The organization has as many variables as it may have.' },
  'outbound_rule.not_found': { status: 404, message: 'There is no rule for this host.' },
  'outbound_rule.too_many': { status: 409, message: 'The organization has as many rules for hosts as it may have.' },
  'breaker.not_open': { status: 404, message: 'Calls to this host are not held back.' },
  'approval.not_found': { status: 404, message: 'No such approval.' },
  'approval.expired': { status: 410, message: 'The time to decide is over.' },
  'approval.closed': { status: 409, message: 'This has been decided, or is not asked any more.' },
  'approval.decided': { status: 409, message: 'You have decided already.' },
  'approval.four_eyes': { status: 403, message: 'Who started this or edited the workflow may not decide.' },
  'approval.changed': { status: 409, message: 'This is not what was shown to you. Look again.' },
  'approval.unsigned': { status: 403, message: 'This has to be signed: sign in and decide in the app.' },
  'approval.wrong_password': { status: 403, message: 'The password is not right.' },
  'approval.wrong_code': { status: 403, message: 'The code is not right, or was used before. Wait for the next one.' },
  'authenticator.missing': { status: 409, message: 'Add an authenticator app first, in your settings.' },
  'authenticator.exists': { status: 409, message: 'You have an authenticator app. Remove it first.' },
  'authenticator.wrong_password': { status: 403, message: 'The password is not right.' },
  'authenticator.wrong_code': {
    status: 403,
    message: 'The code is not right, or was used before. Wait for the next one.',
  },
  'api_key.not_found': { status: 404, message: 'No such API key.' },
  'hook.not_found': { status: 404, message: 'No workflow that is active has this address.' },
  'hook.method_not_allowed': { status: 405, message: 'This hook does not take that method.' },
  'hook.unauthorized': { status: 401, message: 'The signature or credential of this webhook is not valid.' },
  'hook.conflict': { status: 409, message: 'This idempotency key was used with a different body.' },
  'hook.failed': { status: 502, message: 'The workflow failed before it answered.' },
  'service.unavailable': { status: 503, message: 'This cannot be done right now. Try again in a moment.' },
  internal: { status: 500, message: 'Something went wrong on our side.' },
} as const satisfies Record<string, { status: number; message: string }>

export type ErrorCode = keyof typeof errorCatalogue
/** A code of the catalogue. */
export const ErrorCode = z.enum(Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]])

/** What every answer carries besides its data. `executionTime` is the handling time in milliseconds. */
export const Metadata = z
  .strictObject({ requestId: z.string(), timestamp: z.iso.datetime(), version: z.string(), executionTime: z.number() })
  .meta({ id: 'Metadata' })
export type Metadata = z.infer<typeof Metadata>

/** What every refused request is answered with. `code` is one of the catalogue and never changes its meaning. */
export const ErrorBody = z
  .strictObject({
    success: z.literal(false),
    error: z.strictObject({ code: z.string(), message: z.string(), details: Json }),
    metadata: Metadata,
  })
  .meta({ id: 'Error' })
export type ErrorBody = z.infer<typeof ErrorBody>

/** The one envelope of every good answer. */
export function envelope<Data extends z.ZodType>(data: Data) {
  return z.strictObject({ success: z.literal(true), data, metadata: Metadata })
}

/** A page of a list. `nextCursor` is absent on the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().optional() })
}
export type Page<Item> = { items: Item[]; nextCursor?: string | undefined }
