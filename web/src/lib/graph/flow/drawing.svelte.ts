import type { Point } from '../model/geometry.ts'
import { fromFlowEdges, fromFlowNodes } from './from-flow.ts'
import { type Flow, type FlowEdge, type FlowNode, type FlowView, toFlow } from './to-flow.ts'

const nowhere: ReadonlyMap<string, Point> = new Map()
const none: ReadonlySet<string> = new Set()

interface Options {
  /** What is to be drawn; read again whenever something in it changes. */
  view: () => FlowView
  onselect: (nodeIds: ReadonlySet<string>, edgeIds: ReadonlySet<string>, noteIds: ReadonlySet<string>) => void
  /** A drag has ended here. Without it nothing can be moved. */
  onmove?: (to: ReadonlyMap<string, Point>, notes: ReadonlyMap<string, Point>) => void
}

/**
 * The two lists that the canvas library is bound to. Reading gives the drawing of the graph; what the library assigns is
 * understood (a selection, a drag under way) and otherwise forgotten, so the graph stays the only truth.
 */
export class Drawing {
  readonly #options: Options
  #dragged: ReadonlyMap<string, Point> = $state.raw(nowhere)
  #draggedNotes: ReadonlyMap<string, Point> = $state.raw(nowhere)
  // The library answers some calls (fit view) on its next look at the nodes, and looks only when the list is a new one.
  #looks = $state(0)
  #before: Flow | undefined
  readonly #flow = $derived.by(() => {
    void this.#looks
    this.#before = toFlow(
      { ...this.#options.view(), dragged: this.#dragged, draggedNotes: this.#draggedNotes },
      this.#before,
    )
    return this.#before
  })

  constructor(options: Options) {
    this.#options = options
  }

  get nodes(): FlowNode[] {
    return this.#flow.nodes
  }

  set nodes(proposed: FlowNode[]) {
    const { graph, selectedIds, selectedEdgeIds, selectedNoteIds = none } = this.#options.view()
    const change = fromFlowNodes(graph, proposed)
    if (this.#options.onmove !== undefined) {
      this.#dragged = change.moved
      this.#draggedNotes = change.movedNotes
    }
    const isSame =
      change.selectedIds.symmetricDifference(selectedIds).size === 0 &&
      change.selectedNoteIds.symmetricDifference(selectedNoteIds).size === 0
    if (!isSame) this.#options.onselect(change.selectedIds, selectedEdgeIds, change.selectedNoteIds)
    this.#looks += 1
  }

  get edges(): FlowEdge[] {
    return this.#flow.edges
  }

  set edges(proposed: FlowEdge[]) {
    const { selectedIds, selectedEdgeIds, selectedNoteIds = none } = this.#options.view()
    const selected = fromFlowEdges(proposed)
    if (selected.symmetricDifference(selectedEdgeIds).size > 0) {
      this.#options.onselect(selectedIds, selected, selectedNoteIds)
    }
  }

  /** Whether something is being dragged. */
  get isMoving(): boolean {
    return this.#dragged.size + this.#draggedNotes.size > 0
  }

  /** Ends a drag: where things are now is where they belong. */
  drop(): void {
    const to = this.#dragged
    const notes = this.#draggedNotes
    this.#dragged = nowhere
    this.#draggedNotes = nowhere
    if (to.size + notes.size > 0) this.#options.onmove?.(to, notes)
  }
}
