import type { Execution } from '../../contract/execution.ts'
import type { Outstanding } from '../../engine/effect.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { outstanding } from '../../engine/outstanding.ts'
import type { Plan } from '../../engine/plan.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { Identity } from '../../engine/turn.ts'
import { toExecution } from '../../usecases/execution-view.ts'
import type { ExecutionHeader } from '../execution-header.ts'

/** An execution in the memory of its object: what the engine needs for its next turn, and the journal for showing. */
export class LiveExecution {
  readonly plan: Plan
  readonly entries: JournalEntry[]
  readonly state: ExecutionState
  readonly identity: Identity
  outstanding: Outstanding
  readonly #header: ExecutionHeader

  constructor(header: ExecutionHeader, plan: Plan, entries: JournalEntry[], state: ExecutionState) {
    this.#header = header
    this.plan = plan
    this.entries = entries
    this.state = state
    this.identity = { executionId: header.executionId, mode: 'production' }
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
    return toExecution(this.header, this.entries)
  }
}
