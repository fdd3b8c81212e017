// judge-vote
//
// Whether a person's decision counts. Pure: who they are has been proved, and who is involved looked up, by the host.
//
//   J1. Only who is asked decides: by address, by role, or after the escalation by being among those.
//   J2. A person decides once. The second decision changes nothing, whichever way they came.
//   J3. With four eyes, whoever started the execution or edited the workflow does not decide.
//   J4. What is to be signed counts only signed, and a decision only about what was shown.

import type { ApprovalRequest, CountedVote, Signature, SignedBy, Vote, Voter } from '../contract/approval.ts'
import type { Approvers } from '../contract/approver.ts'
import { unreachable } from '../lib/unreachable.ts'

/** Somebody who started the execution or edited the workflow. */
export interface Involved {
  userId: string
  email: string
}

export type Refusal = 'not_asked' | 'decided_before' | 'four_eyes' | 'unsigned' | 'other_content'

/** Why the decision does not count; null when it does. `contentHash` is that of the request. */
export function judgeVote(
  request: ApprovalRequest,
  {
    votes,
    escalated,
    involved,
    contentHash,
  }: {
    votes: readonly CountedVote[]
    escalated: boolean
    involved: readonly Involved[]
    contentHash: string
  },
  vote: Vote,
): Refusal | null {
  if (!isAsked(request, escalated, vote.by)) return 'not_asked'
  if (votes.some(({ by }) => isSame(by, vote.by))) return 'decided_before'
  if (request.fourEyes && involved.some((person) => isInvolved(person, vote.by))) return 'four_eyes'
  if (!isSignedAs(request.signature, vote.signedBy)) return 'unsigned'
  if (vote.contentHash !== contentHash) return 'other_content'
  return null
}

function isSignedAs(asked: Signature, signedBy: SignedBy | null): boolean {
  switch (asked) {
    case 'none':
      return true
    case 'password':
      return signedBy === 'password'
    case 'totp':
      return signedBy === 'totp' || signedBy === 'recovery_code'
    default:
      return unreachable(asked)
  }
}

/** Whether the person is among those who are asked. */
export function isAsked({ approvers, escalation }: ApprovalRequest, escalated: boolean, voter: Voter): boolean {
  return isAmong(approvers, voter) || (escalated && escalation !== null && isAmong(escalation.approvers, voter))
}

/** Whether the person is named, or a member in one of the roles. */
export function isAmong({ emails, roles }: Approvers, voter: Voter): boolean {
  if (emails.includes(addressOf(voter))) return true
  return voter.kind === 'member' && roles.some((role) => role === voter.role)
}

/** One person, whether they came by the app or by a link. */
export function isSame(left: Voter, right: Voter): boolean {
  if (left.kind === 'member' && right.kind === 'member' && left.userId === right.userId) return true
  return addressOf(left) === addressOf(right)
}

/** An address as it is compared: people write capitals and blanks as they like. */
export function addressOf({ email }: { email: string }): string {
  return email.trim().toLowerCase()
}

function isInvolved({ userId, email }: Involved, voter: Voter): boolean {
  return (voter.kind === 'member' && voter.userId === userId) || addressOf({ email }) === addressOf(voter)
}
