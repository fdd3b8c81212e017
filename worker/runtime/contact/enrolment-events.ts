// enrolment-events
//
// What decisions about contacts say to workflows that listen. They go on in the chain of the event that decided, and one
// step further, by the workflow they are about: one that listens to its own is a loop like any other.

import { nextChain } from '../../causality/next-chain.ts'
import type { Cause, Chain } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { BlockedReason } from '../../contract/enrolment.ts'
import type { WorkflowId } from '../../contract/id.ts'
import { newId } from '../../lib/id.ts'
import type { OutgoingEvent } from '../inbox/event-offer.ts'
import type { EnrolmentRow } from './enrolment-table.ts'
import type { EnrolmentAsk } from './enrol.ts'
import type { WitnessedEvent } from './witness.ts'

/** What events of a decision say of where it was made. */
export interface Announced {
  workflow: { id: WorkflowId; name: string }
  /** The trigger node. */
  nodeId: string
  /** The chain that the deciding event belongs to. */
  cause?: Chain
}

/** Somebody was not let in. `by` names the execution that did not begin. */
export function blockedEvent(
  { id, eventId, at, announced }: EnrolmentAsk & { announced: Announced },
  { reason, retryAt }: { reason: BlockedReason; retryAt: number | undefined },
  contact: Contact | null,
): OutgoingEvent {
  const { workflow, nodeId, cause } = announced
  return {
    eventId: newId('event', at),
    type: 'enrollment:blocked',
    data: {
      workflow: { id: workflow.id, name: workflow.name },
      eventId,
      reason,
      ...(retryAt !== undefined && { retryAt: new Date(retryAt).toISOString() }),
    },
    occurredAt: new Date(at).toISOString(),
    ...about(contact),
    cause: causeOf(id, workflow.id, nodeId, { cause, eventId }),
  }
}

/** A goal was achieved. `by` names the execution of the enrolment, and the goal in the place of its step. */
export function achievedEvent(
  { id, workflowId }: Pick<EnrolmentRow, 'id' | 'workflowId'>,
  { id: eventId, at, cause }: WitnessedEvent,
  goal: { id: string; name: string },
  contact: Contact | null,
): OutgoingEvent {
  return {
    eventId: newId('event', at),
    type: 'goal:achieved',
    data: { workflow: { id: workflowId }, executionId: id, goal: { ...goal }, eventId },
    occurredAt: new Date(at).toISOString(),
    ...about(contact),
    cause: causeOf(id, workflowId, goal.id, { cause, eventId }),
  }
}

function causeOf(
  executionId: EnrolmentRow['id'],
  workflowId: EnrolmentRow['workflowId'],
  step: string,
  { cause, eventId }: { cause: WitnessedEvent['cause'] | undefined; eventId: EnrolmentRow['eventId'] },
): Cause {
  return { ...nextChain(cause, { workflowId, eventId }), by: { kind: 'execution', executionId, workflowId, step } }
}

function about(contact: Contact | null): Pick<OutgoingEvent, 'contactId' | 'contact'> {
  return contact === null ? {} : { contactId: contact.id, contact }
}
