import type { GraphNode } from '#contract/graph.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import type { TextStore } from '../draft/draft-buffer.ts'

/** What a test is started with, as text: it may be half typed. What is drawn from it is drawn again when it changes. */
export class Payloads {
  #changes = $state(0)
  /** What the device has no room for: kept for as long as the page is. */
  readonly #unstored = new Map<string, string>()
  readonly #store: TextStore
  readonly #prefix: string

  constructor(store: TextStore, workflowId: string) {
    this.#store = store
    this.#prefix = `leat.test.${workflowId}.`
  }

  /** The last text used for this trigger, or an example of what it gives. */
  of(trigger: GraphNode, nodeType: NodeType | undefined): string {
    return this.kept(trigger.id) ?? JSON.stringify(exampleInput(trigger, nodeType), null, 2)
  }

  /** What the person put there; undefined while it is the example. */
  kept(triggerId: string): string | undefined {
    void this.#changes
    try {
      return this.#unstored.get(triggerId) ?? this.#store.getItem(this.#prefix + triggerId) ?? undefined
    } catch {
      return undefined
    }
  }

  keep(triggerId: string, text: string): void {
    try {
      this.#store.setItem(this.#prefix + triggerId, text)
      this.#unstored.delete(triggerId)
    } catch {
      this.#unstored.set(triggerId, text)
    }
    this.#changes += 1
  }

  /** From here on it is the example again, whatever that will be. */
  forget(triggerId: string): void {
    this.#unstored.delete(triggerId)
    try {
      this.#store.removeItem(this.#prefix + triggerId)
    } catch {
      // What cannot be read is not there.
    }
    this.#changes += 1
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

/** What expressions read as `trigger` when a test begins at it with this input: what the server makes of it. */
export function triggerFrom({ type, params }: GraphNode, input: Json): JsonObject {
  const parts = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : {}
  if (type === 'trigger.webhook') {
    return { type: 'webhook', method: 'POST', headers: {}, query: {}, body: null, ...parts }
  }
  if (type === 'trigger.event') {
    return { type: params['eventType'] ?? '', data: null, id: '', occurredAt: '2026-01-15T09:30:00.000Z', ...parts }
  }
  return { type: 'manual', data: input }
}

/** The input with which a test begins as an execution did, from what that read as `trigger`. */
export function inputFrom({ type }: Pick<GraphNode, 'type'>, trigger: Json): Json {
  if (typeof trigger !== 'object' || trigger === null || Array.isArray(trigger)) return {}
  if (type === 'trigger.manual') return trigger['data'] ?? {}
  if (type === 'trigger.event') return trigger
  const { type: _type, ...input } = trigger
  return input
}
