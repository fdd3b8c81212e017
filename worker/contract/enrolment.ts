import { z } from 'zod'
import { ConditionGroup } from './condition.ts'
import { blockedReasons, enrolmentLimits } from './facts/enrolment.ts'
import { ContactId, EventId, ExecutionCursor, ExecutionId, WorkflowId } from './id.ts'
import { wholeText } from './whole-text.ts'

const length = z.int().min(enrolmentLimits.leastMs).max(enrolmentLimits.mostMs)

/**
 * Who may enter a workflow, how often and when again. Decided for events that name a contact, in this order: entry
 * conditions, one or many at a time, limit, delay, exit conditions, goals that remove.
 */
export const EnrolmentSettings = z
  .strictObject({
    /** Read `trigger` and `contact`. */
    entryConditions: ConditionGroup.optional(),
    /** The contact may enter again while an execution for it goes on. */
    allowMultiple: z.boolean().optional(),
    /** So many enrolments of one contact: within `windowMs`, or ever. */
    limit: z.int().min(1).max(enrolmentLimits.perContact).optional(),
    windowMs: length.optional(),
    /** From the end of the last enrolment; from its beginning while it goes on. */
    reEnrolmentDelayMs: length.optional(),
    /** Read `event` and `contact`. Whoever meets them does not enter, and leaves. */
    exitConditions: ConditionGroup.optional(),
    /** Whoever reaches any goal leaves, and whoever has reached one does not enter. */
    removeOnGoal: z.boolean().optional(),
  })
  .meta({ id: 'EnrolmentSettings' })
export type EnrolmentSettings = z.infer<typeof EnrolmentSettings>

/** What a workflow wants of a contact. Looked for from enrolment on, with each event that names the contact. */
export const Goal = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-zA-Z][a-zA-Z0-9_-]{0,39}$/, 'must start with a letter and hold at most 40 letters, digits, _ or -'),
    name: wholeText().trim().min(1).max(120),
    /** Read `event` and `contact`. */
    conditions: ConditionGroup,
    /** `goto`: the execution drops what it is doing and goes on at the step `goTo`. */
    onAchievement: z.enum(['continue', 'exit', 'goto']),
    goTo: z.string().max(40).optional(),
  })
  .meta({ id: 'Goal' })
export type Goal = z.infer<typeof Goal>

/** Why an event did not enrol its contact. */
export const BlockedReason = z.enum(blockedReasons).meta({ id: 'BlockedReason' })
export type BlockedReason = z.infer<typeof BlockedReason>

/** How an enrolment ended: with its execution, or before it. */
export const EnrolmentEnd = z
  .enum(['finished', 'exit_conditions', 'goal_achieved', 'contact_deleted'])
  .meta({ id: 'EnrolmentEnd' })
export type EnrolmentEnd = z.infer<typeof EnrolmentEnd>

const instant = z.iso.datetime()

/** One decision about a contact: it was let in (then it has an execution), or it was not, and why. */
export const Enrolment = z
  .strictObject({
    /** Of the execution that it is about, which exists only where the contact was let in. */
    id: ExecutionId,
    workflowId: WorkflowId,
    /** What the workflow is called now. */
    workflowName: z.string().optional(),
    contactId: ContactId,
    eventId: EventId,
    at: instant,
    status: z.enum(['active', 'ended', 'blocked']),
    executionId: ExecutionId.optional(),
    endedAt: instant.optional(),
    endedBy: EnrolmentEnd.optional(),
    /** The event `enrollment:blocked`: why the contact was not let in. */
    reason: BlockedReason.optional(),
    /** When the same event would be let in as far as time goes. */
    retryAt: instant.optional(),
    /** Goals reached in it. `name` is what the draft calls them; those it has no more have none. */
    goals: z.array(z.strictObject({ id: z.string(), name: z.string().optional(), at: instant })),
  })
  .meta({ id: 'Enrolment' })
export type Enrolment = z.infer<typeof Enrolment>

/** `GET /workflows/{workflowId}/enrolments`: the newest first. `blocked` ones were not let in. */
export const EnrolmentListQuery = z.strictObject({
  status: z
    .enum(['active', 'ended', 'blocked'])
    .optional()
    .describe('Only these: who is in, who was, or who was not let in.'),
  contactId: ContactId.optional().describe('Only those of this contact.'),
  /** The last of the page before. */
  cursor: ExecutionCursor.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50).describe('How many entries the page may have, 1 to 100.'),
})
export type EnrolmentListQuery = z.infer<typeof EnrolmentListQuery>

/** Counts of a workflow's enrolments. `goals` lists those ever reached. */
export const EnrolmentStats = z
  .strictObject({
    total: z.int(),
    active: z.int(),
    ended: z.int(),
    uniqueContacts: z.int(),
    blocked: z.array(z.strictObject({ reason: BlockedReason, count: z.int() })),
    goals: z.array(
      z.strictObject({ id: z.string(), totalAchievements: z.int(), uniqueContacts: z.int(), lastAt: instant }),
    ),
  })
  .meta({ id: 'EnrolmentStats' })
export type EnrolmentStats = z.infer<typeof EnrolmentStats>
