import type { Json } from '#contract/json.ts'
import type { SimulateRequest, Simulation } from '#contract/simulate.ts'
import type { TextStore } from '../draft/draft-buffer.ts'
import type { Mark, Traffic } from '#lib/graph/model/marks.ts'
import { type SimulationForm, usualForm } from './simulation-form.ts'
import { simulatedMarks, simulatedTraffic } from './simulation-marks.ts'

export interface SimulatorPorts {
  saveDraft: () => Promise<boolean>
  simulate: (request: Partial<SimulateRequest>) => Promise<Simulation>
}

export type SimulatorState =
  | { status: 'idle' }
  | { status: 'running' }
  | { status: 'ended'; tookMs: number }
  | { status: 'failed'; reason: string; details: Json }

/** Many contacts through the draft. One simulation at a time; its counts stay on the canvas until cleared. */
export class Simulator {
  #state: SimulatorState = $state.raw({ status: 'idle' })
  #shown: Simulation | undefined = $state.raw()
  #form: SimulationForm = $state.raw(usualForm)
  #round = 0
  readonly #ports: SimulatorPorts
  readonly #store: TextStore
  readonly #name: string

  readonly marks: ReadonlyMap<string, Mark> | undefined = $derived(this.#shown && simulatedMarks(this.#shown))
  readonly traffic: ReadonlyMap<string, Traffic> | undefined = $derived(this.#shown && simulatedTraffic(this.#shown))

  constructor(ports: SimulatorPorts, store: TextStore, workflowId: string) {
    this.#ports = ports
    this.#store = store
    this.#name = `leat.simulation.${workflowId}`
    this.#form = { ...usualForm, ...this.#read() }
  }

  get state(): SimulatorState {
    return this.#state
  }

  get isBusy(): boolean {
    return this.#state.status === 'running'
  }

  get shown(): Simulation | undefined {
    return this.#shown
  }

  /** What is asked for, as it is typed. Kept on this device. */
  get form(): SimulationForm {
    return this.#form
  }

  change(part: Partial<SimulationForm>): void {
    this.#form = { ...this.#form, ...part }
    try {
      this.#store.setItem(this.#name, JSON.stringify(this.#form))
    } catch {
      // Not remembered, nothing else lost.
    }
  }

  async run(request: Partial<SimulateRequest>, clock: () => number = () => performance.now()): Promise<void> {
    if (this.isBusy) return
    this.clear()
    const round = this.#round
    this.#state = { status: 'running' }
    try {
      if (!(await this.#ports.saveDraft())) {
        const reason = 'The draft could not be saved, so there is nothing new to simulate.'
        this.#state = { status: 'failed', reason, details: null }
        return
      }
      const before = clock()
      const shown = await this.#ports.simulate(request)
      if (round !== this.#round) return
      this.#shown = shown
      this.#state = { status: 'ended', tookMs: clock() - before }
    } catch (thrown) {
      if (round !== this.#round) return
      const details = thrown instanceof Error && 'details' in thrown ? (thrown.details as Json) : null
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      this.#state = { status: 'failed', reason, details }
    }
  }

  /** Takes the counts off the canvas. */
  clear(): void {
    this.#round += 1
    this.#shown = undefined
    this.#state = { status: 'idle' }
  }

  #read(): Partial<SimulationForm> {
    try {
      const kept: unknown = JSON.parse(this.#store.getItem(this.#name) ?? '{}')
      // Written by a release that may have known other things: only what has our shape is taken.
      return typeof kept === 'object' && kept !== null
        ? Object.fromEntries(Object.entries(kept).filter(([key, value]) => hasShapeOf(key, value)))
        : {}
    } catch {
      return {}
    }
  }
}

function hasShapeOf(key: string, value: unknown): boolean {
  if (!Object.hasOwn(usualForm, key)) return false
  const usual: unknown = usualForm[key as keyof SimulationForm]
  return typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual) && value !== null
}
