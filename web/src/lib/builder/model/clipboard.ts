import { z } from 'zod'
import { Graph, GraphEdge, GraphNode, GraphNote } from '#contract/graph.ts'
import { graphLimits } from '#contract/facts/graph.ts'

/** Nodes cut out of a graph, with the edges among them, and notes. */
export interface Clipping {
  nodes: GraphNode[]
  edges: GraphEdge[]
  notes?: GraphNote[] | undefined
}

const ClippingText = z
  .strictObject({
    leat: z.literal('nodes'),
    version: z.literal(1),
    nodes: z.array(GraphNode).max(graphLimits.nodes),
    edges: z.array(GraphEdge).max(graphLimits.edges),
    notes: z.array(GraphNote).max(graphLimits.notes).optional(),
  })
  .refine(({ nodes, notes = [] }) => nodes.length + notes.length > 0)

const WorkflowText = z.object({ name: z.string().optional(), graph: Graph })

/** What a pasted or dropped text holds. `unreadable` says why, for the person who pasted it. */
export type Pasted =
  | { kind: 'nodes'; clipping: Clipping }
  | { kind: 'graph'; graph: Graph; name?: string | undefined }
  | { kind: 'unreadable'; reason: string }

export function clip(graph: Graph, ids: ReadonlySet<string>, noteIds: ReadonlySet<string> = new Set()): Clipping {
  const notes = graph.notes?.filter((note) => noteIds.has(note.id)) ?? []
  return {
    nodes: graph.nodes.filter((node) => ids.has(node.id)),
    edges: graph.edges.filter((edge) => ids.has(edge.source) && ids.has(edge.target)),
    // Without notes it is a text that releases read which know of none.
    ...(notes.length > 0 && { notes }),
  }
}

/** A clipping as the text that goes to the system's clipboard: JSON, so that it survives mail and chat. */
export function clippingText(clipping: Clipping): string {
  return JSON.stringify({ leat: 'nodes', version: 1, ...clipping }, null, 2)
}

/** A whole workflow as the text of an exported file. */
export function workflowText(name: string, graph: Graph): string {
  return `${JSON.stringify({ leat: 'workflow', version: 1, name, graph }, null, 2)}\n`
}

/** Reads what `clippingText` or `workflowText` wrote, or a bare graph. Never throws. */
export function readPasted(text: string): Pasted {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { kind: 'unreadable', reason: 'This is not JSON. Paste steps copied here, or an exported workflow.' }
  }
  const clipping = ClippingText.safeParse(value)
  if (clipping.success) {
    const { nodes, edges, notes } = clipping.data
    return soundness(nodes, edges) ?? { kind: 'nodes', clipping: { nodes, edges, notes } }
  }
  const workflow = WorkflowText.safeParse(value)
  const graph = workflow.success ? workflow.data.graph : Graph.safeParse(value).data
  if (graph === undefined) return { kind: 'unreadable', reason: 'This JSON is neither copied steps nor a workflow.' }
  return (
    soundness(graph.nodes, graph.edges) ?? {
      kind: 'graph',
      graph,
      name: workflow.success ? workflow.data.name : undefined,
    }
  )
}

function soundness(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): Pasted | undefined {
  const ids = new Set(nodes.map((node) => node.id))
  if (ids.size !== nodes.length) return { kind: 'unreadable', reason: 'Two of its steps have the same id.' }
  if (new Set(edges.map((edge) => edge.id)).size !== edges.length) {
    return { kind: 'unreadable', reason: 'Two of its connections have the same id.' }
  }
  const isLoose = edges.some((edge) => !ids.has(edge.source) || !ids.has(edge.target))
  return isLoose
    ? { kind: 'unreadable', reason: 'One of its connections leads to a step that is not there.' }
    : undefined
}
