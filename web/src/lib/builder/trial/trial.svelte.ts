import type { Step } from '#contract/execution.ts'
import type { Json } from '#contract/json.ts'
import type { TestRequest, TestRun, TestStep } from '#contract/test-run.ts'
import type { Mark, Traffic } from '#lib/graph/model/marks.ts'
import { marksOf, trafficOf } from '#lib/graph/model/marks.ts'

/** What a test run asks for; what is left out is as the server has it. */
export type TrialRequest = Partial<TestRequest>

export interface TrialPorts {
  /** Saves the draft. False when it could not be saved: then what would run is not what is on the screen. */
  saveDraft: () => Promise<boolean>
  /** Tests the draft. Rejects with an error whose message is for people. */
  test: (request: TrialRequest) => Promise<TestRun>
}

export type TrialState =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'ended' }
  | { status: 'failedToStart'; reason: string; details: Json }

/** A test of the draft, to see what it does. One at a time; the last one's results stay on the canvas until cleared. */
export class Trial {
  #state: TrialState = $state.raw({ status: 'idle' })
  #run: TestRun | undefined = $state.raw()
  #round = 0
  readonly #ports: TrialPorts

  readonly marks: ReadonlyMap<string, Mark> | undefined = $derived(this.#run && marksOf(this.#run.steps))
  readonly traffic: ReadonlyMap<string, Traffic> | undefined = $derived(
    this.#run && trafficOf(this.#run.graph.edges, this.#run.steps),
  )

  constructor(ports: TrialPorts) {
    this.#ports = ports
  }

  get state(): TrialState {
    return this.#state
  }

  get isBusy(): boolean {
    return this.#state.status === 'running'
  }

  /** What the last test showed. */
  get shown(): TestRun | undefined {
    return this.#run
  }

  /** The latest step of a node; undefined when it has not run. */
  stepOf(nodeId: string): TestStep | undefined {
    return this.#run?.steps.findLast((step: Step) => step.nodeId === nodeId)
  }

  async run(request: TrialRequest): Promise<void> {
    if (this.isBusy) return
    this.clear()
    const round = this.#round
    this.#state = { status: 'running' }
    try {
      if (!(await this.#ports.saveDraft())) {
        this.fail('The draft could not be saved, so there is nothing new to run. See the state of saving above.')
        return
      }
      const run = await this.#ports.test({ ...request, journal: false })
      if (round !== this.#round) return
      this.#run = run
      this.#state = { status: 'ended' }
    } catch (thrown) {
      if (round !== this.#round) return
      const details = thrown instanceof Error && 'details' in thrown ? (thrown.details as Json) : null
      this.fail(thrown instanceof Error ? thrown.message : String(thrown), details)
    }
  }

  /** There is nothing to run, and why. */
  fail(reason: string, details: Json = null): void {
    this.#state = { status: 'failedToStart', reason, details }
  }

  /** Takes the results off the canvas. */
  clear(): void {
    this.#round += 1
    this.#run = undefined
    this.#state = { status: 'idle' }
  }
}
