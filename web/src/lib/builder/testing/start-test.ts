import type { GraphNode } from '#contract/graph.ts'
import { failureTrigger } from '#contract/facts/graph.ts'
import type { Json } from '#contract/json.ts'
import { reachable } from '#lib/graph/model/walk.ts'
import type { Builder } from '../builder.svelte.ts'
import { toRequest } from './step-plan.ts'

/** The triggers a test can start at, in the order of the graph. */
export function triggersOf({ editor, lookup }: Builder): GraphNode[] {
  return editor.graph.nodes.filter((node) => lookup(node.type)?.isTrigger === true && node.type !== failureTrigger)
}

/** Where tests and simulations start. */
export function chosenTrigger(builder: Builder, triggerId = builder.testTriggerId): GraphNode | undefined {
  const triggers = triggersOf(builder)
  return triggers.find(({ id }) => id === triggerId) ?? triggers[0]
}

/** Opens the panel of tests and starts one, if its data can be read; otherwise the panel shows what is wrong. */
export async function startTest(builder: Builder, triggerId?: string): Promise<void> {
  builder.side = 'test'
  await run(builder, chosenTrigger(builder, triggerId), builder.testSetup.stopAt)
}

/**
 * Tests what leads to a node and the node itself, for a trigger everything, and shows what became of it; the panel of
 * tests where nothing ran.
 */
export async function testUpTo(builder: Builder, nodeId: string): Promise<void> {
  const isTrigger = triggersOf(builder).some(({ id }) => id === nodeId)
  const before = reachable(builder.editor.graph, new Set([nodeId]), 'upstream')
  const chosen = chosenTrigger(builder)
  const leads = [...(chosen ? [chosen] : []), ...triggersOf(builder)].find(({ id }) => before.has(id) || id === nodeId)
  await run(builder, leads ?? chosen, isTrigger ? builder.testSetup.stopAt : nodeId)
  if (builder.tester.shown === undefined) builder.side = 'test'
  else if (builder.editor.node(nodeId) !== undefined) builder.openNode(nodeId, 'result')
}

async function run(builder: Builder, trigger: GraphNode | undefined, stopAt: string | undefined): Promise<void> {
  const { editor, lookup, payloads, simulator, tester, testSetup } = builder
  if (trigger === undefined) return
  const input = readInput(payloads.of(trigger, lookup(trigger.type)))
  if (!('value' in input)) return
  const nodeIds = editor.graph.nodes.map(({ id }) => id)
  const planned = toRequest(testSetup.plans, nodeIds)
  if ('unreadable' in planned) {
    const name = editor.node(planned.unreadable)?.name ?? planned.unreadable
    return tester.fail(`What “${name}” is to give is not JSON yet. Mend it below, or let it pretend again.`)
  }
  simulator.clear()
  await tester.run({
    input: input.value,
    trigger: trigger.id,
    ...planned,
    ...(stopAt !== undefined && nodeIds.includes(stopAt) && { stopAt }),
  })
}

/** A payload's text as what it says, or why it cannot be read. Nothing at all is an empty object. */
export function readInput(text: string): { value: Json } | { reason: string } {
  if (text.trim() === '') return { value: {} }
  try {
    return { value: JSON.parse(text) as Json }
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}
