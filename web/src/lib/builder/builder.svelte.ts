// builder
//
// The open builder: who holds what. It decides nothing about graphs (commands do) and draws nothing.
//
//   editor   the graph, the selection, undo          draft    how it stands to the server
//   checks   what is wrong with it                   tester   the last test
//   simulator   the last simulation                  testSetup   what steps do in tests
//   listener   waiting for a request to test with    payloads    what tests begin with
//   palette / side / dialog   what is open           view     pan and zoom, while a canvas is there

import { createContext } from 'svelte'
import type { NodeType } from '#contract/node-type.ts'
import type { Workflow } from '#contract/workflow.ts'
import type { CanvasView } from './canvas/canvas-view.ts'
import type { Checks } from './checks/checks.svelte.ts'
import type { Anchor } from './commands/add-node.ts'
import { addNode } from './commands/add-node.ts'
import { addNote } from './commands/add-note.ts'
import { replaceGraph } from './commands/replace-graph.ts'
import { insertOnEdge } from './commands/insert-on-edge.ts'
import type { Draft } from './draft/draft.svelte.ts'
import type { Content, TextStore } from './draft/draft-buffer.ts'
import type { Editor } from './editor.svelte.ts'
import type { Point } from '#lib/graph/model/geometry.ts'
import { noteFlowId } from '#lib/graph/flow/to-flow.ts'
import { placeBelow } from './model/place.ts'
import { type NodeTypeLookup, nodeTypeLookup, portsOf } from '#lib/graph/model/ports.ts'
import type { Carried, DropTarget } from './palette/drop-target.ts'
import { noteUse } from './palette/recent-types.ts'
import type { PalettePurpose } from './palette/search-node-types.ts'
import { sayNoRoom } from './transfer/say-no-room.ts'
import type { Simulator } from './simulation/simulator.svelte.ts'
import type { Listener } from './testing/listener.svelte.ts'
import type { Tester } from './testing/tester.svelte.ts'
import type { TestSetup } from './testing/test-setup.svelte.ts'
import type { KnownWorkflows } from '#lib/workflows/known-workflows.svelte.ts'
import type { Payloads } from './testing/payloads.svelte.ts'

/** What a palette was opened for. */
export interface PaletteRequest {
  anchor?: Anchor
  edgeId?: string
  /** Where the node goes, on the canvas. */
  at?: Point
  /** Beside what the palette stands, on the screen; in the middle when absent. */
  beside?: DOMRect
}

export type Side = 'node' | 'problems' | 'versions' | 'test' | 'simulation' | 'settings'
export type DialogName = 'publish' | 'conflict' | 'share' | 'shortcuts'
export type InspectorTab = 'params' | 'result' | 'settings'

export interface BuilderParts {
  workflow: Workflow
  nodeTypes: readonly NodeType[]
  editor: Editor
  draft: Draft
  checks: Checks
  tester: Tester
  testSetup: TestSetup
  simulator: Simulator
  listener: Listener
  payloads: Payloads
  store: TextStore
  /** The workflows that its steps call. */
  workflows: KnownWorkflows
  /** Whether the person may change the workflow; otherwise everything is to look at. */
  canEdit: boolean
  canPublish: boolean
  canExecute: boolean
}

export class Builder {
  readonly nodeTypes: readonly NodeType[]
  readonly lookup: NodeTypeLookup
  readonly editor: Editor
  readonly draft: Draft
  readonly checks: Checks
  readonly tester: Tester
  readonly testSetup: TestSetup
  readonly simulator: Simulator
  readonly listener: Listener
  readonly payloads: Payloads
  readonly store: TextStore
  readonly workflows: KnownWorkflows
  readonly canEdit: boolean
  readonly canPublish: boolean
  readonly canExecute: boolean

  /** As the server last told it: status, live version, hooks. Its graph and name may be older than the screen's. */
  workflow: Workflow = $state.raw()!
  name: string = $state('')
  palette: PaletteRequest | undefined = $state.raw()
  /** What is being dragged out of the palette. */
  carried: Carried | undefined = $state.raw()
  side: Side | undefined = $state()
  inspectorTab: InspectorTab = $state('params')
  /** Whether the data of earlier steps stand beside the open step's panel. */
  isDataShown: boolean = $state(false)
  /** The note that is written in, on the canvas or in the list. */
  writingNoteId: string | undefined = $state()
  dialog: DialogName | undefined = $state()
  view: CanvasView | undefined = $state.raw()
  /** The node that was added last, until problems are asked for: nobody may have had time to fill it in. */
  freshNodeId: string | undefined = $state()
  /** Where tests start, when there are several triggers. */
  testTriggerId: string | undefined = $state()

  constructor(parts: BuilderParts) {
    this.nodeTypes = parts.nodeTypes
    this.lookup = nodeTypeLookup(parts.nodeTypes)
    this.editor = parts.editor
    this.draft = parts.draft
    this.checks = parts.checks
    this.tester = parts.tester
    this.testSetup = parts.testSetup
    this.simulator = parts.simulator
    this.listener = parts.listener
    this.payloads = parts.payloads
    this.store = parts.store
    this.workflows = parts.workflows
    this.canEdit = parts.canEdit
    this.canPublish = parts.canPublish
    this.canExecute = parts.canExecute
    this.workflow = parts.workflow
    this.name = parts.workflow.name
  }

  /** What of the last test or simulation lies on the canvas. */
  get marks(): Tester['marks'] {
    return this.simulator.marks ?? this.tester.marks
  }

  get traffic(): Tester['traffic'] {
    return this.simulator.traffic ?? this.tester.traffic
  }

  /**
   * Whether publishing would change what runs: the server's word for what it has, and yes as long as the screen has
   * something it has not.
   */
  get differsFromLive(): boolean {
    return this.workflow.hasUnpublishedChanges || this.draft.isAtRisk
  }

  /** Takes the server's word after something other than a save of the draft: a publish, a pause. */
  served(workflow: Workflow): void {
    this.workflow = workflow
    this.draft.saw(workflow)
  }

  get isEmpty(): boolean {
    return this.editor.graph.nodes.length === 0
  }

  /** Nothing has been put on the canvas, not even a note. */
  get isBlank(): boolean {
    return this.isEmpty && this.editor.graph.notes === undefined
  }

  /** Puts content of an earlier visit, or of somebody else, on the screen. It can be taken back. */
  restore({ name, graph }: Content): void {
    this.editor.run(replaceGraph, { graph })
    this.name = name
    this.draft.edited({ name, graph: this.editor.graph })
  }

  /** The node whose panel is open. */
  get openNodeId(): string | undefined {
    return this.side === 'node' ? this.editor.selectedNodes[0]?.id : undefined
  }

  get palettePurpose(): PalettePurpose {
    if (this.isEmpty) return 'start'
    if (this.palette?.edgeId !== undefined) return 'between'
    if (this.palette?.anchor === undefined) return 'free'
    return 'from' in this.palette.anchor ? 'after' : 'before'
  }

  /** Offers the palette. Without a place, it hangs on the selected step's first free way out. */
  offerPalette(request: PaletteRequest = {}): void {
    if (!this.canEdit) return
    const isPlaced = request.anchor !== undefined || request.edgeId !== undefined || request.at !== undefined
    this.palette = isPlaced ? request : { ...request, ...this.#besideSelection() }
  }

  closePalette(): void {
    if (this.palette === undefined) return
    this.palette = undefined
    this.view?.focus(this.editor.selectedNodes[0]?.id)
  }

  /** Adds a node of the type where the palette was opened, or where it was dropped, and opens its panel. */
  add(nodeType: NodeType, target?: DropTarget): void {
    const { anchor, edgeId, at } = { ...this.palette, ...target }
    const { lookup, editor } = this
    this.palette = undefined
    const [id] =
      edgeId === undefined
        ? editor.run(addNode, { nodeType, lookup, anchor, at })
        : editor.run(insertOnEdge, { nodeType, lookup, edgeId, at })
    if (id === undefined) {
      sayNoRoom()
      return
    }
    noteUse(this.store, nodeType.type)
    this.freshNodeId = id
    this.side = 'node'
    this.inspectorTab = 'params'
    this.view?.reveal(id)
  }

  /** Adds a note there, or where the person is looking, and begins to write in it. */
  addNote(at: Point | undefined = this.view?.pointer() ?? this.view?.middle()): void {
    if (!this.canEdit) return
    const [id] = this.editor.run(addNote, { at: at ?? placeBelow(this.editor.graph) })
    if (id === undefined) sayNoRoom()
    else this.writeNote(id)
  }

  /** Selects a note and brings it into sight. */
  jumpToNote(id: string): void {
    this.editor.select([], [], [id])
    this.view?.reveal(noteFlowId(id))
  }

  /** Lets the person write in a note. */
  writeNote(id: string): void {
    if (!this.canEdit) return
    this.editor.select([], [], [id])
    this.writingNoteId = id
  }

  openNode(id: string, tab: InspectorTab = 'params'): void {
    if (id !== this.freshNodeId) this.freshNodeId = undefined
    this.editor.select([id])
    this.side = 'node'
    this.inspectorTab = tab
    this.view?.uncover(id)
  }

  /** Selects a node, opens its panel and brings it into sight: what a problem or a step of a result leads to. */
  jumpTo(id: string, tab: InspectorTab = 'params'): void {
    this.freshNodeId = undefined
    this.openNode(id, tab)
    this.view?.reveal(id)
  }

  toggleSide(side: Side): void {
    this.side = this.side === side ? undefined : side
  }

  #besideSelection(): PaletteRequest {
    const [node] = this.editor.selectedNodes
    if (node === undefined) {
      const at = this.view?.middle()
      return at === undefined || this.isEmpty ? {} : { at }
    }
    const taken = new Set(
      this.editor.graph.edges.filter((edge) => edge.source === node.id).map((edge) => edge.sourcePort),
    )
    const ports = portsOf(node, this.lookup(node.type)).map(({ name }) => name)
    const port = ports.find((name) => !taken.has(name)) ?? ports[0]
    const beside = this.view?.boxOf(node.id)
    return port === undefined ? {} : { anchor: { from: node.id, port }, ...(beside ? { beside } : {}) }
  }
}

export const [getBuilder, setBuilder] = createContext<Builder>()
