// tell-approvals
//
// Brings what an execution asks people to where they see it: a row for the inbox, and events that workflows can listen
// to. Everything may happen twice: a row knows its turn, an inbox knows an event by its name.

import { ownChain, nextChain } from '../../causality/next-chain.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { JournalEntry } from '../../engine/event.ts'
import type { Env } from '../../env.ts'
import { newId } from '../../lib/id.ts'
import { noteTold, projectApproval } from '../../store/approvals.ts'
import { openDatabase } from '../../store/database.ts'
import { eventOffer } from '../inbox/event-offer.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import { isolateOf } from '../isolate.ts'
import { shardOf } from '../names.ts'
import { approvalsIn, seatsOf, type AskedApproval, type Notice } from './approvals-in.ts'

/** Resolves when all rows and events are where they belong. Throws when one could not be brought. */
export async function tellApprovals(
  env: Env,
  header: ExecutionHeader,
  entries: readonly JournalEntry[],
): Promise<void> {
  const startedByHand = entries.some(({ events }) =>
    events.some((event) => event.type === 'started' && event.trigger.kind === 'manual' && event.parent === undefined),
  )
  for (const approval of approvalsIn(header.executionId, entries)) {
    await tellOne(env, header, approval, startedByHand)
  }
}

async function tellOne(env: Env, header: ExecutionHeader, approval: AskedApproval, startedByHand: boolean) {
  const { organizationId, executionId, workflow, version } = header
  const { id, generation, path, status, createdAt, dueAt, escalatedAt, closedAt, seq, votes, request } = approval
  const db = openDatabase(env.DB)
  const told = await projectApproval(db, {
    id,
    organizationId,
    executionId,
    generation,
    path,
    workflowId: workflow.id,
    workflowName: workflow.name,
    versionId: version.id,
    startedByHand,
    root: header.cause?.root ?? null,
    senders: ownChain(header.cause, header).senders ?? [],
    status,
    createdAt: new Date(createdAt),
    dueAt: new Date(dueAt),
    escalatedAt: escalatedAt === null ? null : new Date(escalatedAt),
    closedAt: closedAt === null ? null : new Date(closedAt),
    seq,
    asked: seatsOf(approval),
    votes,
    request,
  })
  const { notices } = approval
  if (told >= notices.length) return
  for (const [index, notice] of notices.entries()) {
    if (index >= told) await send(env, header, approval, notice, `${id}/${index}`)
  }
  await noteTold(db, organizationId, id, notices.length)
}

async function send(env: Env, header: ExecutionHeader, approval: AskedApproval, notice: Notice, senderId: string) {
  const { organizationId, executionId, workflow, eventId, sender } = header
  const { offer } = eventOffer(
    organizationId,
    {
      eventId: newId('event'),
      type: notice.type,
      data: await dataOf(env, header, approval, notice),
      senderId,
      occurredAt: new Date(notice.at).toISOString(),
      cause: {
        ...nextChain(header.cause, { workflowId: workflow.id, eventId, sender }),
        by: { kind: 'execution', executionId, workflowId: workflow.id, step: approval.path },
      },
    },
    Date.now(),
  )
  const inbox = inboxOf(env, organizationId, shardOf(offer.key))
  const [taken] = await inbox.acceptAll(organizationId, [{ ...offer, answer: '[]' }])
  if (taken?.kind === 'failed' || taken?.kind === 'stale') throw new Error('an inbox did not take the event')
}

/** What links begin with; empty where nothing says where people reach this installation. */
function originOf({ LEAT_ORIGIN: origin = '', LEAT_HOSTS: hosts = '' }: Env): string {
  if (origin !== '') return origin.replace(/\/$/, '')
  const [host = ''] = hosts.split(',').map((entry) => entry.trim())
  return host === '' ? '' : `https://${host}`
}

/** The same for the same notice, so that a second sending is known as such. */
async function dataOf(
  env: Env,
  { organizationId, executionId, workflow }: ExecutionHeader,
  { id, request, dueAt }: AskedApproval,
  { emails }: Notice,
): Promise<JsonObject> {
  const { vault } = isolateOf(env)
  const origin = originOf(env)
  const people = emails.map(async (email) => {
    const token = await vault.signApproval({ organizationId, approvalId: id, email, expiresAt: dueAt })
    return { email, link: `${origin}/approvals/${token}` }
  })
  return {
    approvalId: id,
    executionId,
    workflow: { id: workflow.id, name: workflow.name },
    title: request.content.title,
    message: request.content.message,
    dueAt: new Date(dueAt).toISOString(),
    roles: request.approvers.roles,
    people: await Promise.all(people),
  }
}
