import fc from 'fast-check'
import { Graph, type GraphEdge, type GraphNode, type GraphNote } from '#contract/graph.ts'
import type { NodeType } from '#contract/node-type.ts'
import { nodeTypeLookup } from '../../../web/src/lib/graph/model/ports.ts'

const main = [{ name: 'next', label: 'Next' }]

export function makeNodeType(part: Partial<NodeType> & Pick<NodeType, 'type' | 'title'>): NodeType {
  return {
    description: `${part.title}.`,
    family: 'flow',
    icon: 'circle',
    aliases: [],
    params: { type: 'object', properties: {} },
    defaultParams: {},
    ports: main,
    isTrigger: false,
    isEffect: false,
    summary: '',
    ...part,
  }
}

/** A small registry with every kind of node there is: trigger, line, branch, switch, end. */
export const nodeTypes: readonly NodeType[] = [
  makeNodeType({ type: 'trigger.webhook', title: 'Webhook', family: 'trigger', isTrigger: true }),
  makeNodeType({ type: 'http.request', title: 'HTTP request', defaultParams: { method: 'GET' }, isEffect: true }),
  makeNodeType({
    type: 'flow.if',
    title: 'If',
    ports: [
      { name: 'true', label: 'True' },
      { name: 'false', label: 'False' },
    ],
  }),
  makeNodeType({
    type: 'flow.switch',
    title: 'Switch',
    portsFrom: 'cases',
    ports: [{ name: 'default', label: 'Otherwise' }],
    defaultParams: {
      cases: [
        { port: 'a', label: 'A' },
        { port: 'b', label: 'B' },
      ],
    },
  }),
  makeNodeType({ type: 'flow.end', title: 'End', ports: [] }),
]

export const lookup = nodeTypeLookup(nodeTypes)

export function nodeType(type: string): NodeType {
  const found = lookup(type)
  if (found === undefined) throw new Error(`no node type ${type}`)
  return found
}

export function makeNode(id: string, part: Partial<GraphNode> = {}): GraphNode {
  return { id, type: 'http.request', name: id, position: { x: 0, y: 0 }, params: {}, ...part }
}

export function makeNote(id: string, part: Partial<GraphNote> = {}): GraphNote {
  return { id, text: id, position: { x: 0, y: 0 }, size: { width: 240, height: 160 }, colour: 'yellow', ...part }
}

/** A graph from a drawing: `webhook > check, check.true > yes, check.false > no`. Nodes stand in columns. */
export function makeGraph(drawing: string, parts: Record<string, Partial<GraphNode>> = {}): Graph {
  const nodes = new Map<string, GraphNode>()
  const edges: GraphEdge[] = []
  const add = (id: string) => {
    const position = { x: nodes.size * 320, y: 0 }
    if (!nodes.has(id)) nodes.set(id, makeNode(id, { position, ...parts[id] }))
  }
  for (const arrow of drawing.split(',')) {
    const [from = '', target] = arrow.split('>').map((end) => end.trim())
    const [source = '', sourcePort = 'next'] = from.split('.')
    add(source)
    if (target === undefined) continue
    add(target)
    edges.push({ id: `${source}.${sourcePort}-${target}`, source, sourcePort, target })
  }
  return { version: 1, nodes: [...nodes.values()], edges }
}

/** `source.port > target` of every edge, sorted: a graph's shape at a glance. */
export function shape(graph: Graph): string[] {
  return graph.edges.map((edge) => `${edge.source}.${edge.sourcePort} > ${edge.target}`).sort()
}

/** What the contract's schema cannot say: ids are unique, and edges lead from one node that exists to another. */
export function expectSound(graph: Graph): void {
  Graph.parse(graph)
  const ids = new Set(graph.nodes.map((node) => node.id))
  if (ids.size !== graph.nodes.length) throw new Error('two nodes have the same id')
  if (new Set(graph.edges.map((edge) => edge.id)).size !== graph.edges.length) throw new Error('two edges have one id')
  if (new Set(shape(graph)).size !== graph.edges.length) throw new Error('a connection is drawn twice')
  for (const edge of graph.edges) {
    if (!ids.has(edge.source) || !ids.has(edge.target)) throw new Error(`edge ${edge.id} hangs loose`)
    if (edge.source === edge.target) throw new Error(`edge ${edge.id} leads back at once`)
  }
}

/** Any steps and connections a person could have drawn with the registry above. */
const anySteps: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      type: fc.constantFrom(...nodeTypes.map(({ type }) => type)),
      x: fc.integer({ min: -40, max: 160 }),
      y: fc.integer({ min: -40, max: 160 }),
      links: fc.array(fc.nat(20), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  )
  .map((specs) => {
    const nodes = specs.map(({ type, x, y }, index) =>
      makeNode(`n${index}`, {
        type,
        name: `Step ${index}`,
        position: { x: x * 8, y: y * 8 },
        params: structuredClone(nodeType(type).defaultParams),
      }),
    )
    const edges = new Map<string, GraphEdge>()
    specs.forEach(({ type, links }, from) => {
      const ports = ['a', 'b', 'default', 'true', 'false', 'next'].filter(
        (name) => nodeType(type).ports.some((port) => port.name === name) || (type === 'flow.switch' && name < 'c'),
      )
      for (const link of links) {
        const to = link % specs.length
        const sourcePort = ports[link % Math.max(1, ports.length)]
        if (to === from || sourcePort === undefined || nodes[to]?.type === 'trigger.webhook') continue
        const id = `n${from}.${sourcePort}-n${to}`
        edges.set(id, { id, source: `n${from}`, sourcePort, target: `n${to}` })
      }
    })
    return { version: 1, nodes, edges: [...edges.values()] }
  })

/** Any graph a person could have drawn, with or without notes. */
export const anyGraph: fc.Arbitrary<Graph> = fc
  .tuple(anySteps, fc.array(fc.record({ x: fc.integer({ min: -40, max: 160 }), text: fc.string() }), { maxLength: 3 }))
  .map(([graph, specs]) => {
    const notes = specs.map(({ x, text }, index) => makeNote(`note${index}`, { text, position: { x: x * 8, y: -80 } }))
    return notes.length === 0 ? graph : { ...graph, notes }
  })

/** A device's memory, empty at first. */
export function makeStore() {
  const items = new Map<string, string>()
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}
