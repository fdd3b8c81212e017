import type { Aftermath, Execution, Step, TriggerKind } from '../../contract/execution.ts'
import type { Failure } from '../../contract/failure.ts'
import type { Json } from '../../contract/json.ts'
import type { HookResponse } from '../behaviour.ts'
import type { FinalStatus, GateRef, ParentLink, StepPath } from '../event.ts'

/** What the fold keeps of a journal, to tell it as people read it. Changed in place. */
export interface View {
  seq: number
  generation: number
  trigger: { nodeId: string; kind: TriggerKind; data: Json } | null
  parent: ParentLink | null
  origin: NonNullable<Execution['origin']> | null
  migrations: NonNullable<Execution['migrations']>
  startedAt: number | null
  finished: { at: number; status: FinalStatus; output: Json; failure?: Failure } | null
  response: HookResponse | null
  lastOutput: Json
  paused: boolean
  gates: readonly GateRef[]
  /** Steps that are called for and have not begun. */
  ready: number
  steps: Map<StepPath, Step>
  /** Steps in which others go on: they run as far as those do. */
  owners: Set<StepPath>
  /** What the iterations of a loop gave, by loop and iteration. */
  results: Map<StepPath, Record<number, Json>>
  aftermath: Aftermath | null
  /** What the steps that begin now are part of. */
  part: Pick<Step, 'undoes' | 'inHandler'>
  /** How many attempts of each step were held back: they are not counted where people read. */
  deferrals: Map<StepPath, number>
}

/** What is known before the first event. */
export function newView(): View {
  return {
    seq: 0,
    generation: 1,
    trigger: null,
    parent: null,
    origin: null,
    migrations: [],
    startedAt: null,
    finished: null,
    response: null,
    lastOutput: null,
    paused: false,
    gates: [],
    ready: 0,
    steps: new Map(),
    owners: new Set(),
    results: new Map(),
    aftermath: null,
    part: {},
    deferrals: new Map(),
  }
}

/** Epoch ms as the API writes an instant. */
export function iso(at: number): string {
  return new Date(at).toISOString()
}
