import type { Graph, GraphEdge, GraphNode, GraphNote } from '#contract/graph.ts'
import type { Command } from './commands/command.ts'
import { type History, noHistory, record, stepBack, stepForward, type Travel } from './history.ts'

const nothing: ReadonlySet<string> = new Set()

/**
 * The open workflow: the graph, what is selected, and how to take a change back.
 *
 * The only writer of the graph. Components read it and call `run`; they never assign to it, so every change a person can
 * make is a `Command` and undo needs no help from anyone.
 *
 *   E1. What is selected exists: an id that a change removes is selected no more, one that it adds becomes selected.
 *   E2. Undo and redo restore graphs by identity, so "is this what was saved" is one comparison.
 */
export class Editor {
  #graph: Graph = $state.raw({ version: 1, nodes: [], edges: [] })
  #history: History = $state.raw(noHistory)
  #nodeIds: ReadonlySet<string> = $state.raw(nothing)
  #edgeIds: ReadonlySet<string> = $state.raw(nothing)
  #noteIds: ReadonlySet<string> = $state.raw(nothing)
  readonly #now: () => number

  readonly selectedNodes: readonly GraphNode[] = $derived(
    this.#graph.nodes.filter((node) => this.#nodeIds.has(node.id)),
  )
  readonly selectedEdges: readonly GraphEdge[] = $derived(
    this.#graph.edges.filter((edge) => this.#edgeIds.has(edge.id)),
  )
  readonly selectedNotes: readonly GraphNote[] = $derived(
    (this.#graph.notes ?? []).filter((note) => this.#noteIds.has(note.id)),
  )

  constructor(graph: Graph, now: () => number = Date.now) {
    this.#graph = graph
    this.#now = now
  }

  get graph(): Graph {
    return this.#graph
  }

  get selectedIds(): ReadonlySet<string> {
    return this.#nodeIds
  }

  get selectedEdgeIds(): ReadonlySet<string> {
    return this.#edgeIds
  }

  get selectedNoteIds(): ReadonlySet<string> {
    return this.#noteIds
  }

  /** What undo would take back, in words; undefined when there is nothing. */
  get undoLabel(): string | undefined {
    return this.#history.past.at(-1)?.label
  }

  get redoLabel(): string | undefined {
    return this.#history.future[0]?.label
  }

  /** Does what a person asked for. Returns the ids of what this added: nodes, then notes. */
  run<Args>(command: Command<Args>, args: Args): readonly string[] {
    const before = this.#graph
    const next = command.perform(before, args)
    if (next === before) return []
    this.#history = record(this.#history, {
      graph: before,
      label: command.label,
      key: command.coalesce === undefined ? undefined : `${command.name}:${command.coalesce(args)}`,
      at: this.#now(),
    })
    this.#graph = next
    return this.#selectAfter(before)
  }

  undo(): void {
    this.#travel(stepBack(this.#history, this.#graph))
  }

  redo(): void {
    this.#travel(stepForward(this.#history, this.#graph))
  }

  /** Selects these, and only these, of what exists. */
  select(nodeIds: Iterable<string>, edgeIds: Iterable<string> = [], noteIds: Iterable<string> = []): void {
    const nodes = new Set(nodeIds)
    const edges = new Set(edgeIds)
    const notes = new Set(noteIds)
    this.#nodeIds = new Set(this.#graph.nodes.map((node) => node.id).filter((id) => nodes.has(id)))
    this.#edgeIds = new Set(this.#graph.edges.map((edge) => edge.id).filter((id) => edges.has(id)))
    this.#noteIds = new Set(this.#graph.notes?.map((note) => note.id).filter((id) => notes.has(id)))
  }

  node(id: string): GraphNode | undefined {
    return this.#graph.nodes.find((node) => node.id === id)
  }

  note(id: string): GraphNote | undefined {
    return this.#graph.notes?.find((note) => note.id === id)
  }

  #travel(travel: Travel | undefined): void {
    if (travel === undefined) return
    const before = this.#graph
    this.#history = travel.history
    this.#graph = travel.graph
    this.#selectAfter(before)
  }

  #selectAfter(before: Graph): readonly string[] {
    const nodes = newIds(before.nodes, this.#graph.nodes)
    const notes = newIds(before.notes, this.#graph.notes)
    if (nodes.length + notes.length > 0) this.select(nodes, [], notes)
    else this.select(this.#nodeIds, this.#edgeIds, this.#noteIds)
    return [...nodes, ...notes]
  }
}

function newIds(before: readonly { id: string }[] = [], now: readonly { id: string }[] = []): string[] {
  const known = new Set(before.map(({ id }) => id))
  return now.map(({ id }) => id).filter((id) => !known.has(id))
}
