import type { Point } from '#lib/graph/model/geometry.ts'

/** What can be done with the view of the open canvas, from wherever on the page. */
export interface CanvasView {
  zoomIn(): void
  zoomOut(): void
  /** To its natural size, around the middle. */
  zoomReset(): void
  /** Everything in sight. */
  fit(): void
  /** Brings a node into sight if it is not, without changing the zoom more than needed, and gives it the focus. */
  reveal(nodeId: string): void
  /** Brings a node out from under a panel, and nothing else. */
  uncover(nodeId: string): void
  /** The focus to a node, or to the canvas itself. */
  focus(nodeId?: string): void
  /** Where a node is on the screen; undefined when it is not drawn. */
  boxOf(nodeId: string): DOMRect | undefined
  /** Where a way out is on the screen, or a node's way in where none is named; undefined when it is not drawn. */
  portBox(nodeId: string, port?: string): DOMRect | undefined
  /** What of the canvas is at a point of the screen: its edge, if one is there. Undefined where something lies over the canvas. */
  under(screen: Point): { edgeId: string | undefined } | undefined
  /** How many pixels of the screen a pixel of the canvas is. */
  zoom(): number
  /** A point of the screen on the canvas. */
  toCanvas(screen: Point): Point
  /** What of the canvas is in the middle of the screen. */
  middle(): Point
  /** Where the pointer was last seen on the canvas, if it is there. */
  pointer(): Point | undefined
}
