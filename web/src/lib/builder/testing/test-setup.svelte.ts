import type { TextStore } from '../draft/draft-buffer.ts'
import { readPlans, type StepPlan, type StepPlans, writePlans } from './step-plan.ts'

/** What tests of one workflow are to do at each step, and where they stop. Kept on this device. */
export class TestSetup {
  #plans: StepPlans = $state.raw({})
  /** A node after which tests end. */
  stopAt: string | undefined = $state()
  readonly pinned: ReadonlySet<string> = $derived(
    new Set(Object.keys(this.#plans).filter((id) => this.#plans[id]?.mode === 'given')),
  )
  readonly #store: TextStore
  readonly #name: string

  constructor(store: TextStore, workflowId: string) {
    this.#store = store
    this.#name = `leat.test.${workflowId}:steps`
    this.#plans = readPlans(this.#read())
  }

  get plans(): StepPlans {
    return this.#plans
  }

  planOf(nodeId: string): StepPlan | undefined {
    return Object.hasOwn(this.#plans, nodeId) ? this.#plans[nodeId] : undefined
  }

  /** Without a plan the step pretends with its example again. */
  set(nodeId: string, plan: StepPlan | undefined): void {
    const others = Object.entries(this.#plans).filter(([id]) => id !== nodeId)
    this.#plans = Object.fromEntries(plan === undefined ? others : [...others, [nodeId, plan]])
    try {
      this.#store.setItem(this.#name, writePlans(this.#plans))
    } catch {
      // Not remembered, nothing else lost.
    }
  }

  #read(): string | undefined {
    try {
      return this.#store.getItem(this.#name) ?? undefined
    } catch {
      return undefined
    }
  }
}
