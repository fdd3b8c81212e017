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
  /** A point of the screen on the canvas. */
  toCanvas(screen: Point): Point
  /** What of the canvas is in the middle of the screen. */
  middle(): Point
  /** Where the pointer was last seen on the canvas, if it is there. */
  pointer(): Point | undefined
}
