import type { Graph, GraphNode, GraphNote } from '#contract/graph.ts'
import { noteTitle } from '#lib/graph/model/note-title.ts'
import { sameJson } from '#lib/graph/model/same-json.ts'

/** One difference between two graphs, as a person would tell it. */
export interface GraphChange {
  kind: 'added' | 'removed' | 'changed' | 'connected' | 'disconnected' | 'settings'
  /** The node's name, both names of a connection, or how a note begins. */
  what: string
  /** Which parts of a node changed: `name`, `disabled`, the names of params. */
  parts: readonly string[]
  nodeId?: string
}

/** What must happen to `before` to become `after`. Where nodes and notes lie is not a change: nothing runs
 * or reads differently. */
export function graphDiff(before: Graph, after: Graph): GraphChange[] {
  const old = new Map(before.nodes.map((node) => [node.id, node]))
  const now = new Map(after.nodes.map((node) => [node.id, node]))
  const changes: GraphChange[] = []
  for (const node of after.nodes) {
    const was = old.get(node.id)
    if (was === undefined) changes.push({ kind: 'added', what: node.name, parts: [], nodeId: node.id })
    else {
      const parts = changedParts(was, node)
      if (parts.length > 0) changes.push({ kind: 'changed', what: node.name, parts, nodeId: node.id })
    }
  }
  for (const node of before.nodes) {
    if (!now.has(node.id)) changes.push({ kind: 'removed', what: node.name, parts: [] })
  }
  changes.push(...edgeChanges(before, after, old, now))
  changes.push(...noteChanges(before.notes ?? [], after.notes ?? []))
  if (!sameJson(before.settings ?? {}, after.settings ?? {})) {
    changes.push({ kind: 'settings', what: 'Workflow settings', parts: [] })
  }
  if (!sameJson(before.variables ?? {}, after.variables ?? {})) {
    changes.push({ kind: 'settings', what: 'Variables', parts: [] })
  }
  return changes
}

function changedParts(was: GraphNode, is: GraphNode): string[] {
  const parts: string[] = []
  if (was.type !== is.type) parts.push('type')
  if (was.name !== is.name) parts.push('name')
  for (const key of new Set([...Object.keys(was.params), ...Object.keys(is.params)])) {
    if (!sameJson(was.params[key], is.params[key])) parts.push(key)
  }
  const settings = { ...was.settings, ...is.settings }
  for (const key of Object.keys(settings) as (keyof typeof settings)[]) {
    if (key !== 'notes' && !sameJson(was.settings?.[key], is.settings?.[key])) parts.push(key)
  }
  return parts
}

function noteChanges(before: readonly GraphNote[], after: readonly GraphNote[]): GraphChange[] {
  const old = new Map(before.map((note) => [note.id, note]))
  const now = new Set(after.map(({ id }) => id))
  const told = (kind: 'added' | 'changed' | 'removed', note: GraphNote, parts: string[] = []) => {
    return { kind, what: `Note “${noteTitle(note)}”`, parts }
  }
  return [
    ...after.flatMap((note) => {
      const was = old.get(note.id)
      if (was === undefined) return [told('added', note)]
      const parts = (['text', 'colour'] as const).filter((part) => was[part] !== note[part])
      return parts.length === 0 ? [] : [told('changed', note, parts)]
    }),
    ...before.filter(({ id }) => !now.has(id)).map((note) => told('removed', note)),
  ]
}

type Nodes = ReadonlyMap<string, GraphNode>

function edgeChanges(before: Graph, after: Graph, old: Nodes, now: Nodes): GraphChange[] {
  const ends = ({ source, sourcePort, target }: Graph['edges'][number]) => `${source}\n${sourcePort}\n${target}`
  const had = new Set(before.edges.map(ends))
  const has = new Set(after.edges.map(ends))
  const told = (nodes: Nodes, edge: Graph['edges'][number]) =>
    `${nodes.get(edge.source)?.name ?? edge.source} → ${nodes.get(edge.target)?.name ?? edge.target}`
  // An edge that came or went with one of its nodes is told by the node.
  const stayed = (edge: Graph['edges'][number]) => [edge.source, edge.target].every((id) => old.has(id) && now.has(id))
  return [
    ...after.edges
      .filter((edge) => !had.has(ends(edge)) && stayed(edge))
      .map((edge) => ({ kind: 'connected' as const, what: told(now, edge), parts: [] })),
    ...before.edges
      .filter((edge) => !has.has(ends(edge)) && stayed(edge))
      .map((edge) => ({ kind: 'disconnected' as const, what: told(old, edge), parts: [] })),
  ]
}
