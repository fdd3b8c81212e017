import { describe, expect, test } from 'vitest'
import type { ChildOrder } from '../../worker/engine/effect.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import type { EventId, ExecutionId, OrganizationId, VersionId, WorkflowId } from '../../worker/contract/id.ts'
import type { GateRef } from '../../worker/engine/event.ts'
import { newState } from '../../worker/engine/state.ts'
import type { ExecutionHeader } from '../../worker/runtime/execution/execution-header.ts'
import { askAgainAfterMs, holdMs, lookAfterMs } from '../../worker/runtime/execution/next-alarm.ts'
import { toRecord } from '../../worker/runtime/records/to-record.ts'

const header: ExecutionHeader = {
  organizationId: 'org_any' as OrganizationId,
  executionId: 'exe_any' as ExecutionId,
  workflow: { id: 'wf_any' as WorkflowId, name: 'Any' },
  version: { id: 'ver_any' as VersionId, number: 1 },
  eventId: 'evt_any' as EventId,
  acceptedAt: 1_000,
  graph: { version: 1, nodes: [], edges: [] } satisfies Graph,
}

const order = (want: ChildOrder['want']): ChildOrder => {
  return { key: '1/call', path: 'call', at: 1_000, call: { workflowId: 'wf_other', input: null }, depth: 1, want }
}

/** When D1 is told that one that calls for this wants to move. */
function wakeAt(outstanding: { wakeAt: number | null; children: ChildOrder[]; gate?: GateRef }): number | null {
  return toRecord(header, [], Object.assign(newState(), { at: 1_000 }), outstanding).wakeAt
}

describe('when whoever sweeps looks for an execution', () => {
  test('is when something of it is due', () => {
    expect(wakeAt({ wakeAt: 5_000, children: [] })).toBe(5_000)
    expect(wakeAt({ wakeAt: null, children: [order('watch')] })).toBeNull()
  })

  test('is soon while it has another one started, or called back, which nothing else would do', () => {
    expect(wakeAt({ wakeAt: null, children: [order('start')] })).toBe(1_000 + lookAfterMs)
    expect(wakeAt({ wakeAt: 9_000_000, children: [order('watch'), order('cancel')] })).toBe(1_000 + lookAfterMs)
  })

  test('is now and then while it waits at a gate, which may not know of it', () => {
    const gate: GateRef = { gate: 'concurrency', key: null }
    expect(wakeAt({ wakeAt: null, children: [], gate })).toBe(1_000 + askAgainAfterMs)
  })

  test('is soon after its end while it owes a cancellation, and else when it may be erased', () => {
    const finished = { at: 2_000, status: 'cancelled', output: null } as const
    const over = (children: ChildOrder[]) =>
      toRecord(header, [], Object.assign(newState(), { finished }), { wakeAt: null, children })
    expect(over([order('cancel')])).toMatchObject({ wakeAt: null, objectUntil: 2_000 + lookAfterMs })
    expect(over([])).toMatchObject({ wakeAt: null, objectUntil: 2_000 + holdMs })
  })
})
