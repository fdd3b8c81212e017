// to-flow
//
// Our graph as the canvas library draws it. The graph stays the truth; this is a view of it.
//
//   F1. Sizes and ports are told, not measured, so that a graph of 500 nodes is drawn at once and edges never jump.
//   F2. What did not change keeps its identity: the library compares by it, and redraws nothing else.

import { Position, type Edge, type Node } from '@xyflow/svelte'
import type { Graph, GraphEdge, GraphNode, GraphNote } from '#contract/graph.ts'
import type { NodeType, Port } from '#contract/node-type.ts'
import { card, cardHeight, type Point, portOffset } from '../model/geometry.ts'
import type { Badge } from '../model/enrolment-badges.ts'
import type { Mark, Traffic } from '../model/marks.ts'
import { hasInput, type NodeTypeLookup, portsOf, undoPort } from '../model/ports.ts'
import { sameJson } from '../model/same-json.ts'
import { summaryOf } from '../model/summary.ts'

export const inputHandle = 'in'

const none: readonly Badge[] = []

/** How many problems a node has, and whether one of them keeps the workflow from being published. */
export interface ProblemCount {
  errors: number
  warnings: number
}

export interface StepData extends Record<string, unknown> {
  node: GraphNode
  nodeType: NodeType | undefined
  ports: readonly Port[]
  hasInput: boolean
  summary: string
  /** Ways out that lead somewhere, so that the others can offer a plus. */
  connected: ReadonlySet<string>
  problems: ProblemCount | undefined
  mark: Mark | undefined
  /** Gives what it was told in tests. */
  pinned: boolean
  badges: readonly Badge[]
}
export type StepNode = Node<StepData, 'step'>

export interface NoteData extends Record<string, unknown> {
  note: GraphNote
}
export type NoteNode = Node<NoteData, 'note'>

/** Everything that lies on the canvas and is no edge. */
export type FlowNode = StepNode | NoteNode

export interface EdgeData extends Record<string, unknown> {
  edge: GraphEdge
  traffic: Traffic | undefined
  /** Leads to what undoes its source. */
  undoes: boolean
  /** In an execution: nothing came this way. */
  faded: boolean
}
export type FlowEdge = Edge<EdgeData, 'edge'>

export interface FlowView {
  graph: Graph
  lookup: NodeTypeLookup
  selectedIds: ReadonlySet<string>
  selectedEdgeIds: ReadonlySet<string>
  /** The one node that Tab reaches from outside; arrows lead on from there. */
  tabStopId?: string | undefined
  /** Where nodes are while they are dragged, before that becomes a command. */
  dragged?: ReadonlyMap<string, Point>
  problems?: ReadonlyMap<string, ProblemCount>
  marks?: ReadonlyMap<string, Mark> | undefined
  traffic?: ReadonlyMap<string, Traffic> | undefined
  /** Nodes that give what they were told in tests. */
  pinned?: ReadonlySet<string>
  /** Names of workflows that nodes speak of, by id. */
  names?: ReadonlyMap<string, string>
  badges?: ReadonlyMap<string, readonly Badge[]>
  /** Absent where notes are only to be read. */
  selectedNoteIds?: ReadonlySet<string>
  /** Where notes are while they are dragged, and what is resized, before that becomes a command. */
  draggedNotes?: ReadonlyMap<string, Point>
  resized?: Pick<GraphNote, 'id' | 'size'> | undefined
}

export interface Flow {
  nodes: FlowNode[]
  edges: FlowEdge[]
}

/** Draws `view`, reusing from `before` whatever looks the same. */
export function toFlow(view: FlowView, before?: Flow): Flow {
  const knownNodes = new Map(before?.nodes.map((node) => [node.id, node]))
  const knownEdges = new Map(before?.edges.map((edge) => [edge.id, edge]))
  const outgoing = Map.groupBy(view.graph.edges, (edge) => edge.source)
  const undoable = new Set(view.graph.nodes.filter(({ settings }) => settings?.undo === true).map(({ id }) => id))
  const notes = view.graph.notes ?? []
  return {
    nodes: [
      ...notes.map((note) => toFlowNote(note, view, knownNodes.get(noteFlowId(note.id)))),
      ...view.graph.nodes.map((node) => {
        const edges = outgoing.get(node.id) ?? []
        return toFlowNode(node, view, edges, knownNodes.get(node.id))
      }),
    ],
    edges: view.graph.edges.map((edge) => {
      const undoes = edge.sourcePort === undoPort.name && undoable.has(edge.source)
      return toFlowEdge(edge, view, undoes, knownEdges.get(edge.id))
    }),
  }
}

function toFlowNode(
  node: GraphNode,
  view: FlowView,
  outgoing: readonly GraphEdge[],
  known: FlowNode | undefined,
): StepNode {
  const before = known?.type === 'step' ? known : undefined
  const selected = view.selectedIds.has(node.id)
  const tabIndex = view.tabStopId === undefined || view.tabStopId === node.id ? 0 : -1
  const at = view.dragged?.get(node.id) ?? node.position
  const problems = view.problems?.get(node.id)
  const mark = view.marks?.get(node.id)
  const pinned = view.pinned?.has(node.id) ?? false
  const badges = view.badges?.get(node.id) ?? none
  const connected = new Set(outgoing.map((edge) => edge.sourcePort))
  const nodeType = view.lookup(node.type)
  const summary = summaryOf(node, nodeType, view.names)
  const same =
    before !== undefined &&
    before.data.node === node &&
    before.data.summary === summary &&
    sameJson(before.data.badges, badges) &&
    before.selected === selected &&
    before.domAttributes?.tabindex === tabIndex &&
    before.position.x === at.x &&
    before.position.y === at.y &&
    sameCount(before.data.problems, problems) &&
    sameMark(before.data.mark, mark) &&
    before.data.pinned === pinned &&
    sameSet(before.data.connected, connected)
  if (same) return before

  const ports = portsOf(node, nodeType)
  const height = cardHeight(ports.length)
  const data: StepData = {
    node,
    nodeType,
    ports,
    hasInput: hasInput(nodeType),
    summary,
    connected,
    problems,
    mark,
    pinned,
    badges,
  }
  return {
    id: node.id,
    type: 'step',
    position: { x: at.x, y: at.y },
    width: card.width,
    height,
    measured: { width: card.width, height },
    handles: handlesOf(data, height),
    selected,
    domAttributes: { tabindex: tabIndex },
    ariaLabel: nameAloud(data),
    data,
  }
}

/** So far behind that one that is selected, which the library lifts by a thousand, is still behind steps and edges. */
const behind = -2_000

const notePrefix = 'note:'

/** A note's id among those of the drawing, where no step can have it. */
export function noteFlowId(id: string): string {
  return notePrefix + id
}

/** The id of the note that is drawn under this id; undefined for a step's. */
export function noteIdOf(flowId: string): string | undefined {
  return flowId.startsWith(notePrefix) ? flowId.slice(notePrefix.length) : undefined
}

function toFlowNote(note: GraphNote, view: FlowView, known: FlowNode | undefined): NoteNode {
  const before = known?.type === 'note' ? known : undefined
  const { x, y } = view.draggedNotes?.get(note.id) ?? note.position
  const { width, height } = view.resized?.id === note.id ? view.resized.size : note.size
  const isRead = view.selectedNoteIds === undefined
  const selected = view.selectedNoteIds?.has(note.id) ?? false
  const same =
    before !== undefined &&
    before.data.note === note &&
    before.selected === selected &&
    before.selectable === !isRead &&
    before.position.x === x &&
    before.position.y === y &&
    before.width === width &&
    before.height === height
  if (same) return before
  return {
    id: noteFlowId(note.id),
    type: 'note',
    position: { x, y },
    width,
    height,
    measured: { width, height },
    handles: [],
    zIndex: behind,
    selected,
    selectable: !isRead,
    connectable: false,
    // Where there is nothing to be done with it, it is a stop on the way to hear it read.
    domAttributes: { tabindex: isRead || selected ? 0 : -1, 'aria-roledescription': 'note' },
    ariaLabel: note.text.trim() === '' ? 'Empty note' : `Note: ${note.text}`,
    data: { note },
  }
}

/** A handle's dot, as wide as `flow-surface.css` draws it: what is told here must be what could be measured. */
const dot = 10

function handlesOf({ ports, hasInput }: StepData, height: number): NonNullable<StepNode['handles']> {
  const at = (x: number, y: number) => ({ x: x - dot / 2, y: y - dot / 2, width: dot, height: dot })
  const input = { id: inputHandle, type: 'target', position: Position.Left, ...at(0, height / 2) } as const
  const outputs = ports.map(
    (port, index) =>
      ({
        id: port.name,
        type: 'source',
        position: Position.Right,
        ...at(card.width, portOffset(index, ports.length)),
      }) as const,
  )
  return hasInput ? [input, ...outputs] : outputs
}

function toFlowEdge(edge: GraphEdge, view: FlowView, undoes: boolean, before: FlowEdge | undefined): FlowEdge {
  const selected = view.selectedEdgeIds.has(edge.id)
  const traffic = view.traffic?.get(edge.id)
  const faded = view.traffic !== undefined && traffic === undefined
  const same =
    before !== undefined &&
    before.data?.edge === edge &&
    before.selected === selected &&
    before.data.undoes === undoes &&
    before.data.faded === faded &&
    before.data.traffic?.count === traffic?.count &&
    before.data.traffic?.moving === traffic?.moving &&
    before.data.traffic?.label === traffic?.label
  if (same) return before
  return {
    id: edge.id,
    type: 'edge',
    source: edge.source,
    sourceHandle: edge.sourcePort,
    target: edge.target,
    targetHandle: edge.targetPort ?? inputHandle,
    selected,
    focusable: false,
    ariaLabel: `From ${edge.source}, ${edge.sourcePort}, to ${edge.target}`,
    data: { edge, traffic, undoes, faded },
  }
}

/** What a screen reader says of a node: its name, what it is, what it does, and how it stands. */
function nameAloud({ node, nodeType, summary, problems, mark, pinned, badges }: StepData): string {
  const parts = [node.name, nodeType?.title ?? `unknown type ${node.type}`]
  if (summary !== '') parts.push(summary)
  if (node.settings?.disabled) parts.push('disabled')
  if (problems?.errors) parts.push(problems.errors === 1 ? '1 problem' : `${problems.errors} problems`)
  if (mark !== undefined) parts.push(mark.label === undefined ? mark.status : `${mark.label} came by`)
  if (pinned) parts.push('output pinned for tests')
  for (const { said } of badges) parts.push(said)
  return parts.join(', ')
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}

function sameCount(a: ProblemCount | undefined, b: ProblemCount | undefined): boolean {
  return a?.errors === b?.errors && a?.warnings === b?.warnings
}

function sameMark(a: Mark | undefined, b: Mark | undefined): boolean {
  return (
    a?.status === b?.status &&
    a?.visits === b?.visits &&
    a?.handled === b?.handled &&
    a?.path === b?.path &&
    a?.label === b?.label
  )
}
