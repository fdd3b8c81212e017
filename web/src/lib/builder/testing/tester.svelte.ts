import type { Step } from '#contract/execution.ts'
import type { Json } from '#contract/json.ts'
import type { TestRequest, TestResult, TestStep } from '#contract/workflow-test.ts'
import type { Mark, Traffic } from '#lib/graph/model/marks.ts'
import { marksOf, trafficOf } from '#lib/graph/model/marks.ts'

export interface TesterPorts {
  /** Saves the draft. False when it could not be saved: then what would run is not what is on the screen. */
  saveDraft: () => Promise<boolean>
  /** Tests the draft; what is left out is as the server has it. Rejects with an error whose message is for people. */
  test: (request: Partial<TestRequest>) => Promise<TestResult>
}

export type TesterState =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'ended' }
  | { status: 'failedToStart'; reason: string; details: Json }

/** A test of the draft, to see what it does. One at a time; the last one's results stay on the canvas until cleared. */
export class Tester {
  #state: TesterState = $state.raw({ status: 'idle' })
  #shown: TestResult | undefined = $state.raw()
  #round = 0
  readonly #ports: TesterPorts

  readonly marks: ReadonlyMap<string, Mark> | undefined = $derived(this.#shown && marksOf(this.#shown.steps))
  readonly traffic: ReadonlyMap<string, Traffic> | undefined = $derived(
    this.#shown && trafficOf(this.#shown.graph.edges, this.#shown.steps),
  )

  constructor(ports: TesterPorts) {
    this.#ports = ports
  }

  get state(): TesterState {
    return this.#state
  }

  get isBusy(): boolean {
    return this.#state.status === 'running'
  }

  /** What the last test showed. */
  get shown(): TestResult | undefined {
    return this.#shown
  }

  /** The latest step of a node; undefined when it has not run. */
  stepOf(nodeId: string): TestStep | undefined {
    return this.#shown?.steps.findLast((step: Step) => step.nodeId === nodeId)
  }

  async run(request: Partial<TestRequest>): Promise<void> {
    if (this.isBusy) return
    this.clear()
    const round = this.#round
    this.#state = { status: 'running' }
    try {
      if (!(await this.#ports.saveDraft())) {
        this.fail('The draft could not be saved, so there is nothing new to run. See the state of saving above.')
        return
      }
      const result = await this.#ports.test({ ...request, journal: false })
      if (round !== this.#round) return
      this.#shown = result
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
    this.#shown = undefined
    this.#state = { status: 'idle' }
  }
}
