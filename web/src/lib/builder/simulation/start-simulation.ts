import type { Json } from '#contract/json.ts'
import type { GraphNode } from '#contract/graph.ts'
import type { Builder } from '../builder.svelte.ts'
import { chosenTrigger, readInput } from '../testing/start-test.ts'
import { readForm } from './simulation-form.ts'

/** The form as a request, or what is wrong with it. The data of tests is the sample that fields are laid over. */
export function requestOf(builder: Builder): ReturnType<typeof readForm> {
  const { editor, lookup, payloads, simulator } = builder
  const trigger = chosenTrigger(builder)
  if (trigger === undefined) return { reason: 'Add a trigger first: contacts come in there.' }
  const input = readInput(payloads.of(trigger, lookup(trigger.type)))
  if ('reason' in input) return { reason: `The data of test runs is not JSON yet. ${input.reason}` }
  return readForm(simulator.form, {
    sample: contactIn(trigger, input.value),
    trigger: trigger.id,
    nodeIds: editor.graph.nodes.map(({ id }) => id),
  })
}

/** Starts a simulation of what is on the screen, if it can be read. */
export async function startSimulation(builder: Builder): Promise<void> {
  const read = requestOf(builder)
  if ('reason' in read) return
  builder.tester.clear()
  await builder.simulator.run(read.request)
}

/** The part of a trigger's data that is about the contact: of a webhook its body, of an event its data. */
function contactIn({ type }: GraphNode, input: Json): Json {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input
  if (type === 'trigger.webhook') return input['body'] ?? {}
  return type === 'trigger.event' ? (input['data'] ?? {}) : input
}
