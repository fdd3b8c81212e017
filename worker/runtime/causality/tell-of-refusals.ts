// tell-of-refusals
//
// Brings what was refused to where people look: an entry of the audit each, and for one of them the event that workflows
// can listen to. Both may be brought twice and count once: the audit is looked at where that may be, an inbox knows an
// event by its name.

import type { Loop } from '../../causality/loop.ts'
import { failureOf } from '../../causality/loop.ts'
import type { EventId, ExecutionId, OrganizationId, WorkflowId } from '../../contract/id.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { Env } from '../../env.ts'
import { newId } from '../../lib/id.ts'
import { recordOnce } from '../../store/audit.ts'
import { openDatabase } from '../../store/database.ts'
import { eventOffer } from '../inbox/event-offer.ts'
import { inboxOf } from '../inbox/inbox-stub.ts'
import { shardOf } from '../names.ts'

/** A start that was refused. */
export interface RefusedStart {
  executionId: ExecutionId
  workflow: { id: WorkflowId; name: string }
  /** The trigger node at which it would have begun. */
  nodeId: string
  eventId: EventId
  /** Epoch ms. */
  at: number
  loop: Loop
}

/** Resolves when everybody knows. `begun`: it may have been told before. `alertOf`: the one that is told as an event. */
export async function tellOfRefusals(
  env: Env,
  organizationId: OrganizationId,
  starts: readonly (RefusedStart & { begun: boolean })[],
  alertOf: string,
): Promise<void> {
  const actor = { organizationId, actorId: null, via: 'system', apiKeyId: null, requestId: null } as const
  await recordOnce(
    openDatabase(env.DB),
    actor,
    starts.map(({ begun, at, ...start }) => ({
      deed: {
        action: 'execution.refused',
        targetId: start.executionId,
        outcome: 'denied',
        details: detailsOf(start),
      },
      at,
      mayBeThere: begun,
    })),
  )
  const alert = starts.find(({ executionId }) => executionId === alertOf)
  if (alert !== undefined) await sendAlert(env, organizationId, alert)
}

async function sendAlert(env: Env, organizationId: OrganizationId, start: RefusedStart): Promise<void> {
  const { executionId, workflow, nodeId, at, loop } = start
  const { offer } = eventOffer(
    organizationId,
    {
      eventId: newId('event'),
      type: 'loop.detected',
      data: { ...detailsOf(start), executionId, message: failureOf(loop).message },
      senderId: `loop.detected/${executionId}`,
      occurredAt: new Date(at).toISOString(),
      // In the same chain, from its beginning: who listens is not refused for what led here, and tells of it once an hour.
      cause: {
        root: loop.root,
        depth: 0,
        path: [],
        by: { kind: 'execution', executionId, workflowId: workflow.id, step: nodeId },
      },
    },
    Date.now(),
  )
  const inbox = inboxOf(env, organizationId, shardOf(offer.key))
  const [taken] = await inbox.acceptAll(organizationId, [{ ...offer, answer: '[]' }])
  if (taken?.kind === 'failed' || taken?.kind === 'stale') throw new Error('an inbox did not take the event')
}

function detailsOf({ workflow, eventId, loop }: Pick<RefusedStart, 'workflow' | 'eventId' | 'loop'>): JsonObject {
  const { rule, root, depth, path } = loop
  return {
    workflow: { id: workflow.id, name: workflow.name },
    eventId,
    reason: 'loop_detected',
    rule,
    root,
    depth,
    path: [...path],
  }
}
