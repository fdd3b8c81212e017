import type { Execution } from '../../contract/execution.ts'
import type { Outstanding } from '../../engine/effect.ts'
import { outstanding } from '../../engine/outstanding.ts'
import type { Plan } from '../../engine/plan.ts'
import type { ExecutionState } from '../../engine/state.ts'
import { type Identity, inProduction } from '../../engine/turn.ts'
import { toExecution } from '../../usecases/executions/execution-view.ts'
import type { ExecutionHeader } from './execution-header.ts'
import type { LiveJournal } from './live-journal.ts'
import type { LastSnapshot } from './snapshots.ts'

export interface LiveParts {
  header: ExecutionHeader
  plan: Plan
  journal: LiveJournal
  state: ExecutionState
  begunWith: number
  lastSnapshot?: LastSnapshot
}

const noSnapshot: LastSnapshot = { seq: 0, size: 0, length: 0 }

/** An execution in the memory of its object: what the engine needs for its next turn, and the journal for showing. */
export class LiveExecution {
  readonly plan: Plan
  readonly journal: LiveJournal
  readonly state: ExecutionState
  readonly identity: Identity
  outstanding: Outstanding
  /** The last turn that had been played when its object was begun. */
  readonly begunWith: number
  lastSnapshot: LastSnapshot
  /** What the journal held when it was last asked whether another one is due. */
  snapshotAskedAt: number
  readonly #header: ExecutionHeader

  constructor({ header, plan, journal, state, begunWith, lastSnapshot = noSnapshot }: LiveParts) {
    this.#header = header
    this.begunWith = begunWith
    this.plan = plan
    this.journal = journal
    this.state = state
    this.lastSnapshot = lastSnapshot
    this.snapshotAskedAt = state.size
    this.identity = inProduction(header.executionId)
    this.outstanding = outstanding({ plan, state })
  }

  /** What it is; the chain in which it goes on is what its journal says last. */
  get header(): ExecutionHeader {
    const { cause, sender } = this.state
    if (cause === undefined && sender === undefined) return this.#header
    return { ...this.#header, ...(cause !== undefined && { cause }), ...(sender !== undefined && { sender }) }
  }

  /** The execution as people see it now. */
  view(): Execution {
    return toExecution(this.header, this.journal.after(0))
  }
}
