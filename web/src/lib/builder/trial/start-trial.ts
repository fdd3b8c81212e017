import type { GraphNode } from '#contract/graph.ts'
import type { Json } from '#contract/json.ts'
import type { Builder } from '../builder.svelte.ts'

/** The triggers a run can start at, in the order of the graph. */
export function triggersOf({ editor, lookup }: Builder): GraphNode[] {
  return editor.graph.nodes.filter((node) => lookup(node.type)?.isTrigger === true)
}

/** Opens the panel of test runs and starts one, if its data can be read; otherwise the panel shows what is wrong. */
export async function startTrial(builder: Builder, triggerId = builder.trialTriggerId): Promise<void> {
  builder.side = 'trial'
  const trigger = triggersOf(builder).find(({ id }) => id === triggerId) ?? triggersOf(builder)[0]
  if (trigger === undefined) return
  const input = readInput(builder.payloads.of(trigger, builder.lookup(trigger.type)))
  if ('value' in input) await builder.trial.run(input.value, trigger.id)
}

/** A payload's text as what it says, or why it can not be read. Nothing at all is an empty object. */
export function readInput(text: string): { value: Json } | { reason: string } {
  if (text.trim() === '') return { value: {} }
  try {
    return { value: JSON.parse(text) as Json }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}
