import type { GraphNode } from '#contract/graph.ts'
import type { Json } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import type { TextStore } from '../draft/draft-buffer.ts'

/** What a test is started with, as text: it may be half typed. */
export class Payloads {
  readonly #store: TextStore
  readonly #prefix: string

  constructor(store: TextStore, workflowId: string) {
    this.#store = store
    this.#prefix = `leat.test.${workflowId}.`
  }

  /** The last text used for this trigger, or an example of what it gives. */
  of(trigger: GraphNode, nodeType: NodeType | undefined): string {
    return this.#read(trigger.id) ?? JSON.stringify(exampleInput(trigger, nodeType), null, 2)
  }

  keep(triggerId: string, text: string): void {
    try {
      this.#store.setItem(this.#prefix + triggerId, text)
    } catch {
      // Not remembered, nothing else lost.
    }
  }

  #read(triggerId: string): string | undefined {
    try {
      return this.#store.getItem(this.#prefix + triggerId) ?? undefined
    } catch {
      return undefined
    }
  }
}

/** An example of what `execute` takes for a trigger: its sample, without what the server says itself. */
export function exampleInput(trigger: GraphNode, nodeType: NodeType | undefined): Json {
  if (trigger.type === 'trigger.manual') return trigger.params['sample'] ?? {}
  const sample = nodeType?.sampleOutput
  if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) return {}
  const { type: _type, ...input } = sample
  return input
}
