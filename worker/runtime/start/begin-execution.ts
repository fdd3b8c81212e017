// begin-execution
//
// The first turn, played in memory where the trigger arrived. Most executions end here and never cost an object.
//
//   B1. The clock of the first turn is the instant at which the trigger was accepted, and the id comes from the cause;
//       so beginning the same execution again gives the same journal.

import { contactAtStart } from '../../contacts/contact-at-start.ts'
import type { Cause, Chain } from '../../contract/cause.ts'
import type { TriggerKind } from '../../contract/execution.ts'
import { gatesFor } from '../../concurrency/gates-of.ts'
import type { Failure } from '../../contract/failure.ts'
import type { UserId } from '../../contract/id.ts'
import { advance } from '../../engine/advance.ts'
import type { Outstanding } from '../../engine/effect.ts'
import type { Plan } from '../../engine/plan.ts'
import { newState, type ExecutionState } from '../../engine/state.ts'
import type { GateRef, JournalEntry } from '../../engine/event.ts'
import { inProduction } from '../../engine/turn.ts'
import { executionIdFor } from '../../lib/id.ts'
import type { ExecutionRecord } from '../../store/records.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import type { ExecutionInit } from '../execution/journal-table.ts'
import { toRecord } from '../records/to-record.ts'
import type { ReadyVersion } from '../plans.ts'

/** Turns a pure workflow may take in memory before it gets an object of its own. */
const maxTurns = 50

export type Begun =
  /** Nothing is outstanding: only the record is left to keep. */
  | { kind: 'finished'; init: ExecutionInit; state: ExecutionState; record: ExecutionRecord }
  /** Something outlives the request: the execution needs its object, for what is outstanding. */
  | { kind: 'open'; init: ExecutionInit; plan: Plan; state: ExecutionState; outstanding: Outstanding }

/**
 * Plays an execution of `version` as far as it goes without waiting for anything: one with a gate to pass stays open. `gates`
 * are to be passed after the workflow's own. With a `refusal` it is skipped for this reason.
 */
export function beginExecution(
  version: ReadyVersion,
  trigger: AcceptedTrigger,
  start: { nodeId: string; kind: TriggerKind },
  { refusal, gates = [] }: { refusal?: Failure; gates?: readonly GateRef[] } = {},
): Begun {
  const executionId = executionIdFor({
    organizationId: trigger.organizationId,
    workflowId: version.workflow.id,
    nodeId: start.nodeId,
    eventId: trigger.eventId,
  })
  const state = newState()
  const entries: JournalEntry[] = []
  const { plan, organizationVars } = version
  // Like the clock, the contact is that of the instant at which the trigger was accepted (B1).
  const contact = plan.contactReads === null ? undefined : contactAtStart(trigger.data)
  const host = { plan, state, identity: inProduction(executionId), contact }
  const passing = version.gates === undefined ? undefined : gatesFor(version.gates, trigger.data, trigger.at)
  const reason = refusal ?? passing?.failure
  const why = whyBegun(version, trigger)
  const refs = [...(passing?.refs ?? []), ...gates]
  let turn = advance(
    host,
    {
      type: 'start',
      trigger: { ...start, data: trigger.data },
      ...(organizationVars !== undefined && { organizationVars }),
      ...(refs.length > 0 && { gates: refs }),
      ...(reason !== undefined && { refusal: reason }),
      ...why,
    },
    trigger.at,
  )
  for (let turns = 1; turn.entry !== null; turns++) {
    entries.push(turn.entry)
    const again = turn.outstanding.wakeAt !== null && turn.outstanding.wakeAt <= trigger.at
    if (state.finished !== null || !again || turns === maxTurns) break
    turn = advance(host, { type: 'wake' }, trigger.at)
  }

  const init: ExecutionInit = {
    header: {
      organizationId: trigger.organizationId,
      executionId,
      workflow: version.workflow,
      version: version.version,
      eventId: trigger.eventId,
      acceptedAt: trigger.at,
      graph: version.graph,
      ...(version.calendars !== undefined && { calendars: version.calendars }),
      ...why,
      ...(trigger.contactId !== undefined && { contactId: trigger.contactId }),
      ...(version.rules !== undefined && trigger.contactId !== undefined && { enrolled: trigger.contactId }),
    },
    entries,
  }
  return state.finished === null
    ? { kind: 'open', init, plan, state, outstanding: turn.outstanding }
    : { kind: 'finished', init, state, record: toRecord(init.header, entries, state, null) }
}

/** The chain of causes that the execution continues, and the member who sent its event, where it acts or asks people. */
function whyBegun(
  { acts, asks }: Pick<ReadyVersion, 'acts' | 'asks'>,
  { cause, sender }: AcceptedTrigger,
): Pick<ExecutionHeader, 'cause' | 'sender'> {
  const member = sender ?? authorOf(cause)
  return {
    ...(cause !== undefined && { cause: withoutAuthor(cause) }),
    ...(member !== undefined && (acts === true || asks === true) && { sender: member }),
  }
}

function withoutAuthor({ by: _by, ...chain }: Cause): Chain {
  return chain
}

function authorOf(cause: Cause | undefined): UserId | undefined {
  return cause === undefined || cause.by.kind === 'execution' ? undefined : cause.by.userId
}
