import type { WorkflowSummary } from '#contract/workflow.ts'
import { Resource } from '../api/resource.svelte.ts'
import { listWorkflows } from '../api/workflows.ts'

/** The workflows that a filter offers: the hundred that changed last. */
export class WorkflowOptions {
  readonly #listed = new Resource<WorkflowSummary[]>()

  constructor() {
    void this.#listed.load(async (signal) => (await listWorkflows({ limit: 100 }, signal)).items)
  }

  /** With the chosen one, which may not be among them; `name` is what it is called as far as that is known. */
  including(chosen: string | undefined, name: string | undefined): { value: string; label: string }[] {
    const known = (this.#listed.data ?? []).map((workflow) => ({ value: workflow.id as string, label: workflow.name }))
    const isKnown = chosen === undefined || known.some(({ value }) => value === chosen)
    return isKnown ? known : [...known, { value: chosen, label: name ?? 'one workflow' }]
  }
}
