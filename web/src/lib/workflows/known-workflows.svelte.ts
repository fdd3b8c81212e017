import type { WorkflowSummary } from '#contract/workflow.ts'
import { toApiError } from '../api/api-error.ts'
import { getWorkflow } from '../api/workflows.ts'

/** Workflows by id, as far as somebody asked for them: what is said of one that a step calls. */
export class KnownWorkflows {
  #known: ReadonlyMap<string, WorkflowSummary | null> = $state.raw(new Map())
  readonly #asked = new Set<string>()
  readonly #ask: (id: string) => Promise<WorkflowSummary>

  constructor(ask: (id: string) => Promise<WorkflowSummary> = getWorkflow) {
    this.#ask = ask
  }

  /** Names to be shown, by id. What is not there any more has a word for that. */
  readonly names: ReadonlyMap<string, string> = $derived(
    new Map([...this.#known].map(([id, found]) => [id, found?.name ?? 'A workflow that is gone'])),
  )

  /** Undefined while it is not known; null when there is none, or none that the person may see. */
  find(id: string): WorkflowSummary | null | undefined {
    return this.#known.get(id)
  }

  /** Takes what came another way, as in a list. */
  note(workflows: readonly WorkflowSummary[]): void {
    for (const { id } of workflows) this.#asked.add(id)
    this.#known = new Map([...this.#known, ...workflows.map((workflow) => [workflow.id, workflow] as const)])
  }

  /** Asks for those that were never asked for. One that cannot be had now is asked for again by the next call. */
  look(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.#asked.has(id)) continue
      this.#asked.add(id)
      void this.#fetch(id)
    }
  }

  async #fetch(id: string): Promise<void> {
    try {
      this.note([await this.#ask(id)])
    } catch (thrown) {
      if (toApiError(thrown).status === 404) this.#known = new Map([...this.#known, [id, null]])
      else this.#asked.delete(id)
    }
  }
}
