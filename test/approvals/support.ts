import fc from 'fast-check'
import type { ApprovalRequest, CountedVote, Vote, Voter } from '../../worker/contract/approval.ts'
import type { UserId } from '../../worker/contract/id.ts'
import type { Role } from '../../worker/contract/member.ts'

export const hash = 'a'.repeat(64)

export function requestOf(given: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    content: { title: 'Pay?', message: 'Invoice 7', details: { total: 120 } },
    approvers: { emails: ['ada@example.com', 'grace@example.com', 'linus@example.com'], roles: [] },
    quorum: 'any',
    fourEyes: false,
    signature: 'none',
    remindAt: [],
    escalation: null,
    ...given,
  }
}

export function member(name: string, role: Role = 'editor'): Voter {
  return { kind: 'member', userId: `usr_${name}` as UserId, name, email: `${name}@example.com`, role }
}

export function outsider(name: string): Voter {
  return { kind: 'outsider', email: `${name}@example.com` }
}

export function voteOf(by: Voter, verdict: Vote['verdict'] = 'approve', given: Partial<Vote> = {}): Vote {
  return { by, verdict, comment: '', contentHash: hash, signedBy: null, ...given }
}

export function counted(by: Voter, verdict: Vote['verdict'] = 'approve'): CountedVote {
  return { ...voteOf(by, verdict), at: 1 }
}

const people = ['ada', 'grace', 'linus', 'alan', 'eve']
const roles = ['owner', 'admin', 'editor', 'operator', 'viewer', 'auditor'] as const

const anybody = fc.oneof(
  fc.tuple(fc.constantFrom(...people), fc.constantFrom(...roles)).map(([name, role]) => member(name, role)),
  fc.constantFrom(...people).map(outsider),
)

export const anyVote = fc
  .record({ by: anybody, verdict: fc.constantFrom('approve' as const, 'reject' as const) })
  .map(({ by, verdict }) => voteOf(by, verdict))

const emails = fc.subarray(people, { minLength: 1 }).map((names) => names.map((name) => `${name}@example.com`))

export const anyRequest = fc
  .record({
    emails,
    roles: fc.subarray(['owner', 'admin', 'editor', 'operator'] as const),
    quorum: fc.oneof(fc.constantFrom('any' as const, 'all' as const), fc.integer({ min: 1, max: 5 })),
  })
  .map(({ emails: named, roles: inRoles, quorum }) =>
    requestOf({
      approvers: { emails: named, roles: [...inRoles] },
      quorum: typeof quorum === 'number' && inRoles.length === 0 ? Math.min(quorum, named.length) : quorum,
    }),
  )
