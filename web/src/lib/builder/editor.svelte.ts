import type { Graph, GraphEdge, GraphNode } from '#contract/graph.ts'
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
  readonly #now: () => number

  readonly selectedNodes: readonly GraphNode[] = $derived(
    this.#graph.nodes.filter((node) => this.#nodeIds.has(node.id)),
  )
  readonly selectedEdges: readonly GraphEdge[] = $derived(
    this.#graph.edges.filter((edge) => this.#edgeIds.has(edge.id)),
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

  /** What undo would take back, in words; undefined when there is nothing. */
  get undoLabel(): string | undefined {
    return this.#history.past.at(-1)?.label
  }

  get redoLabel(): string | undefined {
    return this.#history.future[0]?.label
  }

  /** Does what a person asked for. Returns the ids of the nodes that this added. */
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
  select(nodeIds: Iterable<string>, edgeIds: Iterable<string> = []): void {
    const nodes = new Set(nodeIds)
    const edges = new Set(edgeIds)
    this.#nodeIds = new Set(this.#graph.nodes.map((node) => node.id).filter((id) => nodes.has(id)))
    this.#edgeIds = new Set(this.#graph.edges.map((edge) => edge.id).filter((id) => edges.has(id)))
  }

  node(id: string): GraphNode | undefined {
    return this.#graph.nodes.find((node) => node.id === id)
  }

  #travel(travel: Travel | undefined): void {
    if (travel === undefined) return
    const before = this.#graph
    this.#history = travel.history
    this.#graph = travel.graph
    this.#selectAfter(before)
  }

  #selectAfter(before: Graph): readonly string[] {
    const known = new Set(before.nodes.map((node) => node.id))
    const added = this.#graph.nodes.map((node) => node.id).filter((id) => !known.has(id))
    this.select(added.length > 0 ? added : this.#nodeIds, added.length > 0 ? [] : this.#edgeIds)
    return added
  }
}
