import type { Involved, Refusal } from '../../approvals/judge-vote.ts'
import type { Vote } from '../../contract/approval.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'

/** A decision on its way to the step that asked for it. */
export interface Ballot {
  executionId: ExecutionId
  generation: number
  path: string
  vote: Vote
  involved: Involved[]
}

/** `counted`, and durable; or why not. `closed`: the step does not ask any more. */
export type BallotAnswer = 'counted' | 'closed' | Refusal

/** What deciding asks of the running system. `runtime/` implements it. */
export interface ApprovalRuntime {
  /** The first decision of a person counts, whoever else decides at the same instant. */
  decide(organizationId: OrganizationId, ballot: Ballot): Promise<BallotAnswer>
}
