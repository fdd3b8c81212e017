import type { Graph, GraphNode } from '../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import { SimulateRequest, type Simulation } from '../../worker/contract/simulate.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import { simulate, type Setup } from '../../worker/simulate/simulate.ts'
import { actorsOf } from '../../worker/usecases/test/actors.ts'

/** Monday. */
export const startAt = Date.parse('2026-06-01T00:00:00Z')
export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

type Drawn = Record<string, [type: string, params?: JsonObject, settings?: NonNullable<GraphNode['settings']>]>

/** A graph from lines: `a.true > b` is an edge; nodes by id with type, params and settings. */
export function drawn(nodes: Drawn, edges: string[]): Graph {
  return {
    version: 1,
    nodes: Object.entries(nodes).map(([id, [type, params = {}, settings]]) => ({
      id,
      type,
      name: id,
      position: { x: 0, y: 0 },
      params,
      ...(settings !== undefined && { settings }),
    })),
    edges: edges.map((line) => {
      const [from = '', target = ''] = line.split(' > ')
      const [source = '', sourcePort = 'out'] = from.split('.')
      return { id: line, source, sourcePort, target }
    }),
  }
}

export const send: [type: string, params: JsonObject] = [
  'http.request',
  { method: 'POST', url: 'https://mail.example/send' },
]
export const wait = (duration: string): Drawn[string] => ['flow.wait', { mode: 'duration', duration }]
export const ifEqual = (field: string, value: Json): Drawn[string] => [
  'flow.if',
  { conditions: { operator: 'AND', conditions: [{ field, operator: '==', value }] } },
]

/** The graph as the simulator takes it, with what the API would have made of the request. */
export function setupOf(graph: Graph, request: object, more: Partial<Setup> = {}): Setup {
  const plan = compilePlan({
    graph,
    workflow: { id: 'wf_1', name: 'Journey', version: 1 },
    compileNode: (node) => compiledNode(node),
  })
  return {
    plan,
    edges: graph.edges,
    trigger: {
      nodeId: graph.nodes[0]!.id,
      kind: 'manual',
      dataOf: (contact) => ({ type: 'manual', data: contact }),
    },
    sampleOf: (contact) => contact,
    actors: actorsOf(graph, plan),
    messageNodes: new Set(),
    startAt,
    request: SimulateRequest.parse(request),
    ...more,
  }
}

/** Plays a simulation to its end. */
export function played(graph: Graph, request: object, more: Partial<Setup> = {}): Simulation {
  const run = simulate(setupOf(graph, request, more))
  for (let next = run.next(); ; next = run.next()) if (next.done === true) return next.value
}

/** How often edges were passed, by their line. */
export function counts({ edges }: Simulation): Record<string, number> {
  return Object.fromEntries(edges.map(({ edgeId, count }) => [edgeId, count]))
}

export function nodeOf(simulation: Simulation, id: string): Simulation['nodes'][number] {
  const found = simulation.nodes.find(({ nodeId }) => nodeId === id)
  if (found === undefined) throw new Error(`no node ${id}`)
  return found
}

//  start ─► profile ─► welcome ─► rest ─► opened ─► read? ─true──► offer ─► pause ─► won?
//                                                     └─false─► remind ────┘
/** Ten nodes of a journey as people build them: calls, waits of days, branches, fields. */
export function journey(): Graph {
  return drawn(
    {
      start: ['trigger.manual'],
      profile: ['data.set', { fields: [{ name: 'tier', value: '{{ trigger.data.spent > 500 ? "gold" : "plain" }}' }] }],
      welcome: send,
      rest: wait('2 days'),
      opened: ['http.request', { method: 'GET', url: 'https://mail.example/opened/{{ trigger.data.email }}' }],
      read: ifEqual('steps.opened.body.opened', true),
      offer: [
        'http.request',
        { method: 'POST', url: 'https://mail.example/offer', bodyType: 'json', json: '{{ steps.profile }}' },
      ],
      remind: send,
      pause: wait('5 days'),
      won: ifEqual('steps.profile.tier', 'gold'),
    },
    [
      'start > profile',
      'profile > welcome',
      'welcome > rest',
      'rest > opened',
      'opened > read',
      'read.true > offer',
      'read.false > remind',
      'offer > pause',
      'remind > pause',
      'pause > won',
    ],
  )
}

export const journeyRequest = {
  contacts: 1_000,
  days: 30,
  arrivals: { pattern: 'even', days: 20 },
  fields: { email: { text: 'c{n}@example.com' }, spent: { between: [0, 1_000] } },
  events: [{ name: 'mail.opened', after: 'welcome', probability: 0.3, withinHours: 48 }],
  nodes: {
    welcome: { failureRate: 0.05 },
    opened: {
      outcomes: [
        { when: 'mail.opened', output: { status: 200, body: { opened: true } } },
        { output: { status: 200, body: { opened: false } } },
      ],
    },
  },
}
