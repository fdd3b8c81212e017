import { z } from 'zod'
import { contentHash } from '../../approvals/content-hash.ts'
import { judgeVote } from '../../approvals/judge-vote.ts'
import { settleApproval } from '../../approvals/settle-approval.ts'
import type { ApprovalRequest, CountedVote } from '../../contract/approval.ts'
import { ApproverEmail, ApproverRole, type Approvers } from '../../contract/approver.ts'
import type { GraphNode } from '../../contract/graph.ts'
import { Json } from '../../contract/json.ts'
import type { Behaviour, Outcome } from '../../engine/behaviour.ts'
import { defineInline } from '../define.ts'
import { durationMs, noDuration } from '../flow/wait-instant.ts'
import { atMost, deadline, text } from '../flow/wait-topic.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { invalidParam } from '../params/parse-params.ts'

const maxApprovers = 50
const maxReminders = 20

const addresses = (title: string, description: string, group?: string) =>
  text()
    .default('')
    .meta(
      field({
        title,
        description,
        control: 'text',
        placeholder: 'ada@example.com, grace@example.com',
        ...(group !== undefined && { group }),
      }),
    )

const approvalParams = lazySchema(() =>
  z.strictObject({
    title: z
      .string()
      .max(200)
      .default('')
      .meta(field({ title: 'Question', control: 'text', placeholder: 'Pay this invoice?', isNeeded: true })),
    message: z
      .string()
      .max(8_192)
      .default('')
      .meta(field({ title: 'Message', description: 'Plain text, shown under the question.', control: 'longText' })),
    details: Json.optional().meta(
      field({
        title: 'Details',
        description: 'Shown as a table. Its hash is kept with each decision.',
        control: 'json',
      }),
    ),
    approvers: addresses('Ask', 'Addresses of members or outsiders, separated by commas.'),
    roles: z
      .array(ApproverRole)
      .max(4)
      .default([])
      .meta(
        field({
          title: 'Ask roles',
          description: 'Any member with one of these roles.',
          control: 'multiSelect',
          labels: { owner: 'Owners', admin: 'Admins', editor: 'Editors', operator: 'Operators' },
          expressions: false,
        }),
      ),
    quorum: z
      .enum(['any', 'all', 'count'])
      .default('any')
      .meta(
        field({
          title: 'Decided by',
          control: 'select',
          labels: { any: 'The first to decide', all: 'All of them', count: 'A number of them' },
          expressions: false,
        }),
      ),
    count: z
      .int()
      .min(1)
      .max(maxApprovers)
      .default(2)
      .meta(field({ title: 'How many', control: 'number', showWhen: { quorum: 'count' } })),
    fourEyes: z
      .boolean()
      .default(false)
      .meta(
        field({
          title: 'Four eyes',
          description: 'Who started the execution or edited the workflow may not decide.',
          control: 'switch',
          expressions: false,
        }),
      ),
    signature: z
      .enum(['none', 'password', 'totp'])
      .default('none')
      .meta(
        field({
          title: 'Signature',
          description: 'Members sign with their password, or a code of their authenticator app. Outsiders cannot sign.',
          control: 'select',
          labels: { none: 'Not needed', password: 'Password', totp: 'Code of an authenticator app' },
          expressions: false,
        }),
      ),
    atMost: atMost(),
    atDeadline: z
      .enum(['expired', 'approved', 'rejected'])
      .default('expired')
      .meta(
        field({
          title: 'When time is up',
          control: 'select',
          labels: { expired: 'It has expired', approved: 'It counts as approved', rejected: 'It counts as rejected' },
          expressions: false,
        }),
      ),
    remindEvery: text()
      .default('')
      .meta(
        field({
          title: 'Remind every',
          description: 'Emits approval.reminder so often. Empty means never.',
          control: 'duration',
          group: 'Reminders and escalation',
        }),
      ),
    escalateAfter: text()
      .default('')
      .meta(
        field({
          title: 'Escalate after',
          description: 'Emits approval.escalated, and others may decide too, each of them alone.',
          control: 'duration',
          group: 'Reminders and escalation',
        }),
      ),
    escalateTo: addresses('Escalate to', 'Addresses, separated by commas.', 'Reminders and escalation'),
  }),
)
type ApprovalParams = ParamsOf<typeof approvalParams>

const ports = [
  { name: 'approved', label: 'Approved' },
  { name: 'rejected', label: 'Rejected' },
  { name: 'expired', label: 'Expired' },
] as const
type Ending = (typeof ports)[number]['name']

export const approval = defineInline({
  type: 'people.approval',
  title: 'Approval',
  description: 'Asks people, and goes on when they have approved, rejected, or not answered in time.',
  family: 'people',
  icon: 'clipboard-check',
  aliases: ['approve', 'reject', 'sign', 'sign-off', 'review', 'human', 'decision', 'permission'],
  params: approvalParams,
  defaultParams: { title: '', approvers: '' },
  check: checkParams,
  ports,
  summary: '{title}',
  sampleOutput: {
    status: 'approved',
    contentHash: '3f1a…',
    decidedAt: '2026-01-15T09:30:00.000Z',
    decisions: [
      {
        name: 'Ada',
        email: 'ada@example.com',
        isMember: true,
        verdict: 'approve',
        comment: 'Fine.',
        at: '2026-01-15T09:30:00.000Z',
        contentHash: '3f1a…',
        signedBy: null,
      },
    ],
  },
  compile: compileApproval,
})

function checkParams(params: Record<string, Json>) {
  const { title = '', approvers = '', roles = [], atMost: most = '7 days', signature, quorum } = params
  const { remindEvery = '', escalateAfter = '', escalateTo = '' } = params
  const problems = []
  if (String(title).trim() === '') problems.push(problem('title', 'Say what is asked.'))
  const isOpen = isDynamic(approvers)
  const named = isOpen ? [] : listOf(String(approvers))
  if (!isOpen && named.length === 0 && Array.isArray(roles) && roles.length === 0) {
    problems.push(problem('approvers', 'Say who is asked: addresses, roles or both.'))
  }
  const wrong = [...named, ...(isDynamic(escalateTo) ? [] : listOf(String(escalateTo)))].find(
    (email) => !isEmail(email),
  )
  if (wrong !== undefined) problems.push(problem('approvers', `“${wrong}” is not an e-mail address.`))
  for (const [name, given, words] of [
    ['atMost', most, 'At most'],
    ['remindEvery', remindEvery, 'Remind every'],
    ['escalateAfter', escalateAfter, 'Escalate after'],
  ] as const) {
    if (given === '' || isDynamic(given) || durationMs(String(given)) !== null) continue
    problems.push(problem(name, `${words} ${noDuration(String(given))}.`))
  }
  if (escalateAfter !== '' && escalateTo === '') problems.push(problem('escalateTo', 'Say whom to escalate to.'))
  const count = params['count'] ?? 2
  const noRoles = Array.isArray(roles) && roles.length === 0
  if (quorum === 'count' && noRoles && !isOpen && typeof count === 'number' && count > named.length) {
    problems.push(problem('count', 'More approvals are needed than people are asked.'))
  }
  if (signature !== undefined && signature !== 'none' && named.length > 0) {
    problems.push({
      ...problem('signature', 'Outsiders cannot sign: addresses that are not members’ cannot decide.'),
      severity: 'warning' as const,
    })
  }
  return problems
}

const isDynamic = (value: Json) => String(value).includes('{{')

function problem(param: string, message: string) {
  return { severity: 'error' as const, code: 'param.invalid', message, path: [param] }
}

function compileApproval({ params: given }: GraphNode): Behaviour {
  const resolve = compileParams(approvalParams(), given)
  const atDeadline = approvalParams().shape.atDeadline.safeParse(given['atDeadline']).data ?? 'expired'
  return {
    kind: 'approval',
    begin(scope) {
      const { params } = resolve(scope)
      const dueAt = deadline('atMost', params.atMost, scope.now)
      return { request: requestOf(params, scope.now, dueAt), dueAt }
    },
    judge({ request, votes, escalated }, vote, involved) {
      return judgeVote(request, { votes, escalated, involved, contentHash: contentHash(request.content) }, vote)
    },
    settle({ request, votes, escalated }) {
      const ending = settleApproval(request, votes, escalated)
      return ending === null ? null : outcomeOf(ending, request, votes)
    },
    lapse: (request, votes) => outcomeOf(atDeadline, request, votes, 'the time was over'),
  }
}

function requestOf(params: ApprovalParams, now: number, dueAt: number): ApprovalRequest {
  const { title, message, details = null, roles, quorum, count, fourEyes, signature } = params
  if (title.trim() === '') throw invalidParam('title', 'is empty')
  const approvers = { emails: emailsOf('approvers', params.approvers), roles }
  const asked = approvers.emails.length + roles.length
  if (asked === 0) throw invalidParam('approvers', 'names nobody')
  if (quorum === 'count' && roles.length === 0 && count > asked) {
    throw invalidParam('count', `is more than the ${asked} who are asked`)
  }
  return {
    content: { title, message, details },
    approvers,
    quorum: quorum === 'count' ? count : quorum,
    fourEyes,
    signature,
    remindAt: remindersOf(params, now, dueAt),
    escalation: escalationOf(params, now, dueAt),
  }
}

function remindersOf({ remindEvery }: ApprovalParams, now: number, dueAt: number): number[] {
  if (remindEvery.trim() === '') return []
  const everyMs = deadline('remindEvery', remindEvery, now) - now
  if (everyMs < 60_000) throw invalidParam('remindEvery', 'must be at least a minute')
  const instants: number[] = []
  for (let at = now + everyMs; at < dueAt && instants.length < maxReminders; at += everyMs) instants.push(at)
  return instants
}

function escalationOf({ escalateAfter, escalateTo }: ApprovalParams, now: number, dueAt: number) {
  if (escalateAfter.trim() === '') return null
  const at = deadline('escalateAfter', escalateAfter, now)
  const approvers: Approvers = { emails: emailsOf('escalateTo', escalateTo), roles: [] }
  if (approvers.emails.length === 0) throw invalidParam('escalateTo', 'names nobody')
  return at < dueAt ? { at, approvers } : null
}

function emailsOf(param: string, given: string): string[] {
  const emails = listOf(given)
  if (emails.length > maxApprovers) throw invalidParam(param, `names more than ${maxApprovers}`)
  const wrong = emails.find((email) => !isEmail(email))
  if (wrong !== undefined) throw invalidParam(param, `holds “${wrong}”, which is not an e-mail address`)
  return emails
}

/** Each once, in lower case. */
function listOf(given: string): string[] {
  const entries = given.split(/[,;\s]+/).map((entry) => entry.trim().toLowerCase())
  return [...new Set(entries.filter((entry) => entry !== ''))]
}

const isEmail = (email: string) => ApproverEmail.safeParse(email).success

function outcomeOf(port: Ending, request: ApprovalRequest, votes: readonly CountedVote[], because?: string): Outcome {
  return {
    output: {
      status: port,
      contentHash: contentHash(request.content),
      decidedAt: votes.length === 0 ? null : iso(votes[votes.length - 1]!.at),
      decisions: votes.map(({ by, at, verdict, comment, contentHash: shown, signedBy }) => ({
        name: by.kind === 'member' ? by.name : by.email,
        email: by.email,
        isMember: by.kind === 'member',
        verdict,
        comment,
        at: iso(at),
        contentHash: shown,
        signedBy,
      })),
    },
    port,
    ...(because !== undefined && { because }),
  }
}

const iso = (at: number) => new Date(at).toISOString()
