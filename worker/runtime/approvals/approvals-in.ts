// What an execution has asked people, by its journal: how each approval stands, and what is to be told about it. Folded
// anew whenever it is needed, so whatever was not brought before a crash is brought after it.

import type { ApprovalRequest, ApprovalStatus, CountedVote } from '../../contract/approval.ts'
import { approvalEndings } from '../../contract/facts/approval.ts'
import type { ApprovalId, ExecutionId } from '../../contract/id.ts'
import type { ExecutionEvent, JournalEntry, StepPath } from '../../engine/event.ts'
import { approvalIdFor } from '../../lib/id.ts'

export interface AskedApproval {
  id: ApprovalId
  generation: number
  path: StepPath
  request: ApprovalRequest
  status: ApprovalStatus
  /** All instants in epoch ms. */
  createdAt: number
  dueAt: number
  escalatedAt: number | null
  closedAt: number | null
  votes: CountedVote[]
  /** In order; what was told once is not told again. */
  notices: Notice[]
  /** The last turn that touched it. */
  seq: number
}

export interface Notice {
  type: 'approval.requested' | 'approval.reminder' | 'approval.escalated'
  at: number
  /** Whom it is for: addresses, and roles where it is asked at first. */
  emails: string[]
}

/** Every approval that this execution asked for itself, in order; what a fork took over was asked by its origin. */
export function approvalsIn(executionId: ExecutionId, entries: readonly JournalEntry[]): AskedApproval[] {
  const all: AskedApproval[] = []
  const open = new Map<StepPath, AskedApproval>()
  let generation = 1
  for (const { seq, events } of entries) {
    for (const event of events) {
      if (event.type === 'redriven') generation = event.generation
      if (event.type === 'forked') {
        // What was asked before was asked by its origin.
        generation = event.generation
        all.length = 0
        open.clear()
      }
      if (event.type === 'waitStarted' && event.approval !== undefined) {
        const begun = begin(executionId, generation, event, event.approval)
        all.push(begun)
        open.set(event.path, begun)
      }
      for (const approval of touched(open, event)) {
        approval.seq = seq
        apply(approval, event)
        if (approval.status !== 'open') open.delete(approval.path)
      }
    }
  }
  return all
}

function begin(
  executionId: ExecutionId,
  generation: number,
  { path, at, dueAt }: ExecutionEvent & { type: 'waitStarted' },
  request: ApprovalRequest,
): AskedApproval {
  return {
    id: approvalIdFor(executionId, { generation, path, at }),
    generation,
    path,
    request,
    status: 'open',
    createdAt: at,
    dueAt,
    escalatedAt: null,
    closedAt: null,
    votes: [],
    notices: [{ type: 'approval.requested', at, emails: request.approvers.emails }],
    seq: 0,
  }
}

/** The open approvals an event is about: all of them when the execution ends. */
function touched(open: ReadonlyMap<StepPath, AskedApproval>, event: ExecutionEvent): AskedApproval[] {
  if (event.type === 'finished') return [...open.values()]
  const found = 'path' in event ? open.get(event.path) : undefined
  return found === undefined ? [] : [found]
}

function apply(approval: AskedApproval, event: ExecutionEvent): void {
  switch (event.type) {
    case 'approvalVoted':
      approval.votes.push({ ...event.vote, at: event.at })
      return
    case 'approvalNudged': {
      const { request, votes, notices } = approval
      if (event.nudge === 'escalation') {
        approval.escalatedAt = event.at
        notices.push({ type: 'approval.escalated', at: event.at, emails: request.escalation?.approvers.emails ?? [] })
        return
      }
      const decided = new Set(votes.map(({ by }) => by.email.toLowerCase()))
      const emails = request.approvers.emails.filter((email) => !decided.has(email))
      notices.push({ type: 'approval.reminder', at: event.at, emails })
      return
    }
    case 'stepCompleted':
      approval.status = approvalEndings.find((ending) => ending === event.port) ?? 'cancelled'
      approval.closedAt = event.at
      return
    case 'stepFailed':
    case 'stepCancelled':
    case 'finished':
      approval.status = 'cancelled'
      approval.closedAt = event.at
      return
    default:
  }
}

/** Who may decide as it stands: addresses, and roles as `role:admin`. */
export function seatsOf({ request, escalatedAt }: AskedApproval): string[] {
  const { approvers, escalation } = request
  const above = escalatedAt === null || escalation === null ? [] : [escalation.approvers]
  return [approvers, ...above].flatMap(({ emails, roles }) => [...emails, ...roles.map((role) => `role:${role}`)])
}
