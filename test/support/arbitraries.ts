import fc from 'fast-check'
import type { Graph } from '../../worker/contract/graph.ts'
import type { JsonObject } from '../../worker/contract/json.ts'

/** A name as the contract takes it: trimmed, one to 120 characters, any script. */
export const workflowNames = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .map((text) => text.trim())
  .filter((text) => text.length >= 1 && text.length <= 120)

export const descriptions = fc.string({ unit: 'grapheme', maxLength: 200 })

export const visibilities = fc.constantFrom('own' as const, 'team' as const, 'organization' as const)

const params: fc.Arbitrary<JsonObject> = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 })
  // The key __proto__ is no data: it is dropped where bytes become JSON, before anything is stored.
  .map((value) => JSON.parse(JSON.stringify(value), (key, item) => (key === '__proto__' ? undefined : item)))

interface Drawn {
  type: string
  params: JsonObject
}

const triggers: fc.Arbitrary<Drawn> = fc.oneof(
  fc.constant<Drawn>({ type: 'trigger.manual', params: {} }),
  fc.constant<Drawn>({ type: 'trigger.webhook', params: { methods: ['POST'] } }),
  fc.stringMatching(/^[a-z]{1,8}\.[a-z]{1,8}$/).map((eventType) => ({ type: 'trigger.event', params: { eventType } })),
)

const steps: fc.Arbitrary<Drawn> = fc.record({
  type: fc.constantFrom('data.set', 'flow.if', 'flow.wait', 'http.request'),
  params,
})

/** A workflow with triggers, conditions and actions: any shape the contract takes, sensible or not. */
export const graphs: fc.Arbitrary<Graph> = fc
  .record({
    nodes: fc
      .tuple(fc.array(triggers, { minLength: 1, maxLength: 3 }), fc.array(steps, { maxLength: 8 }))
      .map(([first, rest]) => [...first, ...rest]),
    variables: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.integer(), { maxKeys: 3 }),
    links: fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 12 }),
  })
  .map(({ nodes, variables, links }) => ({
    version: 1 as const,
    nodes: nodes.map((node, index) => ({
      ...node,
      id: `n${index}`,
      name: `Node ${index}`,
      position: { x: index * 240, y: 0 },
    })),
    edges: links.map(([source, target], index) => ({
      id: `e${index}`,
      source: `n${source % nodes.length}`,
      sourcePort: 'out',
      target: `n${target % nodes.length}`,
    })),
    variables,
  }))
