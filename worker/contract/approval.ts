import { z } from 'zod'
import { Approvers } from './approver.ts'
import { approvalEndings } from './facts/approval.ts'
import { ApiKeyId, ExecutionId, UserId, WorkflowId, ApprovalId } from './id.ts'
import { Json } from './json.ts'
import { Role } from './member.ts'
import { Cursor, PageLimit } from './page-query.ts'

/** What is shown to who decides: the hash of this is kept with every decision. */
export const ApprovalContent = z.strictObject({ title: z.string(), message: z.string(), details: Json })
export type ApprovalContent = z.infer<typeof ApprovalContent>

/**
 * How many have to approve. `any`: the first decision decides. `all`: everybody named, and one member of each role; the
 * first rejection decides. A number: so many people.
 */
export const Quorum = z.union([z.literal('any'), z.literal('all'), z.int().min(1).max(50)])
export type Quorum = z.infer<typeof Quorum>

/** How a decision is to be signed: by the password given again, or by a code of the person's authenticator app. */
export const Signature = z.enum(['none', 'password', 'totp'])
export type Signature = z.infer<typeof Signature>

/** How a decision was signed. Where a code of the app is asked for, one for when the app is lost does as well. */
export const SignedBy = z.enum(['password', 'totp', 'recovery_code'])
export type SignedBy = z.infer<typeof SignedBy>

/** An approval as it was asked for: recorded once, never computed again. Instants are epoch ms. */
export const ApprovalRequest = z.strictObject({
  content: ApprovalContent,
  approvers: Approvers,
  quorum: Quorum,
  /** Whoever started the execution or edited the workflow may not decide. */
  fourEyes: z.boolean(),
  signature: Signature,
  /** Ascending; before the deadline. */
  remindAt: z.array(z.int()),
  /** From `at` on these may decide too, each of them alone. */
  escalation: z.strictObject({ at: z.int(), approvers: Approvers }).nullable(),
})
export type ApprovalRequest = z.infer<typeof ApprovalRequest>

/** A person, as they were proved to be: a member by their session or key, an outsider by the link sent to an address. */
export const Voter = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('member'), userId: UserId, name: z.string(), email: z.string(), role: Role }),
  z.strictObject({ kind: z.literal('outsider'), email: z.string() }),
])
export type Voter = z.infer<typeof Voter>

/** What a person says to an approval. */
export const Verdict = z.enum(['approve', 'reject'])
export type Verdict = z.infer<typeof Verdict>

/** One person's decision. `contentHash`: SHA-256 of what they were shown, in hexadecimal. */
export const Vote = z.strictObject({
  by: Voter,
  verdict: Verdict,
  comment: z.string(),
  contentHash: z.string(),
  /** How it was signed; null when it was not asked for. */
  signedBy: SignedBy.nullable(),
  /** How it came, for the audit. */
  through: z
    .strictObject({
      via: z.enum(['session', 'api_key', 'system', 'nobody']),
      apiKeyId: ApiKeyId.nullable(),
      requestId: z.string().nullable(),
    })
    .optional(),
})
export type Vote = z.infer<typeof Vote>

/** A decision that counted, and when. */
export const CountedVote = Vote.extend({ at: z.int() })
export type CountedVote = z.infer<typeof CountedVote>

/** Where an approval stands. All but `open` are final. */
export const ApprovalStatus = z.enum(['open', ...approvalEndings]).meta({ id: 'ApprovalStatus' })
export type ApprovalStatus = z.infer<typeof ApprovalStatus>

const Decision = z.strictObject({
  name: z.string(),
  email: z.string(),
  isMember: z.boolean(),
  verdict: Verdict,
  comment: z.string(),
  at: z.iso.datetime(),
  contentHash: z.string(),
  signedBy: SignedBy.nullable(),
})

/** An approval as one of those who are asked sees it. */
export const Approval = z
  .strictObject({
    id: ApprovalId,
    status: ApprovalStatus,
    content: ApprovalContent,
    contentHash: z.string(),
    approvers: Approvers,
    quorum: Quorum,
    fourEyes: z.boolean(),
    signature: Signature,
    escalatedAt: z.iso.datetime().nullable(),
    decisions: z.array(Decision),
    workflow: z.strictObject({ id: WorkflowId, name: z.string() }),
    executionId: ExecutionId,
    dueAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    closedAt: z.iso.datetime().nullable(),
    /** Whether the caller has decided already. */
    decidedByMe: z.boolean(),
  })
  .meta({ id: 'Approval' })
export type Approval = z.infer<typeof Approval>

/** `GET /approvals`: `open` ones that wait for a decision, or `closed` ones. */
export const ApprovalListQuery = z.strictObject({
  status: z
    .enum(['open', 'closed'])
    .default('open')
    .describe('`open` ones that wait for a decision, or `closed` ones.'),
  cursor: Cursor,
  limit: PageLimit,
})
export type ApprovalListQuery = z.infer<typeof ApprovalListQuery>

/** `POST /approvals/{approvalId}/decision`. */
export const DecideApprovalRequest = z
  .strictObject({
    verdict: Verdict.describe('What the caller decides.'),
    comment: z.string().max(4_000).default('').describe('Why, for those who see the decision.'),
    contentHash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe('`contentHash` of the approval that was shown: a decision about anything else is refused.'),
    password: z.string().max(256).optional().describe('The caller’s password, where that is the signature.'),
    code: z
      .string()
      .max(40)
      .optional()
      .describe('A code of the caller’s authenticator app or a recovery code, where that is the signature.'),
  })
  .meta({ id: 'DecideApprovalRequest' })
export type DecideApprovalRequest = z.infer<typeof DecideApprovalRequest>
