import type { Execution, Step } from '#contract/execution.ts'
import type { Json } from '#contract/json.ts'
import { isTerminal } from '#contract/execution.ts'
import type { Mark, Traffic } from '../model/marks.ts'
import { marksOf, trafficOf } from '../model/marks.ts'

export interface TrialPorts {
  /** Saves the draft. False when it could not be saved: then what would run is not what is on the screen. */
  saveDraft: () => Promise<boolean>
  /** Runs the draft and waits a while for its end. Rejects with an error whose message is for people. */
  execute: (input: Json, triggerId: string) => Promise<{ executionId: string; execution?: Execution | undefined }>
  /** Tells every state of an execution until it has ended. Gives what stops it. */
  follow: (executionId: string, onchange: (execution: Execution) => void) => () => void
}

export type TrialState =
  | { status: 'idle' }
  | { status: 'starting' }
  | { status: 'running'; executionId: string }
  | { status: 'ended' }
  | { status: 'failedToStart'; reason: string; details: Json }

/** A run of the draft, to see what it does. One at a time; the last one's results stay on the canvas until cleared. */
export class Trial {
  #state: TrialState = $state.raw({ status: 'idle' })
  #execution: Execution | undefined = $state.raw()
  #stopFollowing: () => void = () => {}
  #round = 0
  readonly #ports: TrialPorts

  readonly marks: ReadonlyMap<string, Mark> | undefined = $derived(this.#execution && marksOf(this.#execution.steps))
  readonly traffic: ReadonlyMap<string, Traffic> | undefined = $derived(
    this.#execution && trafficOf(this.#execution.graph.edges, this.#execution.steps),
  )

  constructor(ports: TrialPorts) {
    this.#ports = ports
  }

  get state(): TrialState {
    return this.#state
  }

  get isBusy(): boolean {
    return this.#state.status === 'starting' || this.#state.status === 'running'
  }

  get execution(): Execution | undefined {
    return this.#execution
  }

  /** The latest step of a node; undefined when it has not run. */
  stepOf(nodeId: string): Step | undefined {
    return this.#execution?.steps.findLast((step) => step.nodeId === nodeId)
  }

  async run(input: Json, triggerId: string): Promise<void> {
    if (this.isBusy) return
    this.clear()
    const round = this.#round
    this.#state = { status: 'starting' }
    try {
      if (!(await this.#ports.saveDraft())) {
        const reason = 'The draft could not be saved, so there is nothing new to run. See the state of saving above.'
        this.#state = { status: 'failedToStart', reason, details: null }
        return
      }
      const { executionId, execution } = await this.#ports.execute(input, triggerId)
      if (round !== this.#round) return
      if (execution !== undefined) this.#take(execution)
      if (execution !== undefined && isTerminal(execution.status)) return
      this.#state = { status: 'running', executionId }
      this.#stopFollowing = this.#ports.follow(executionId, (next) => {
        if (round === this.#round) this.#take(next)
      })
    } catch (thrown) {
      if (round !== this.#round) return
      const details = thrown instanceof Error && 'details' in thrown ? (thrown.details as Json) : null
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      this.#state = { status: 'failedToStart', reason, details }
    }
  }

  /** Takes the results off the canvas. A run that is under way goes on, unwatched. */
  clear(): void {
    this.#round += 1
    this.#stopFollowing()
    this.#stopFollowing = () => {}
    this.#execution = undefined
    this.#state = { status: 'idle' }
  }

  #take(execution: Execution): void {
    this.#execution = execution
    if (!isTerminal(execution.status)) return
    this.#state = { status: 'ended' }
    this.#stopFollowing()
    this.#stopFollowing = () => {}
  }
}
