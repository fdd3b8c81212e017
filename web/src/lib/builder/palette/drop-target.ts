import type { NodeType } from '#contract/node-type.ts'
import { card, cardHeight, type Point } from '#lib/graph/model/geometry.ts'
import { portsOf } from '#lib/graph/model/ports.ts'
import type { Builder } from '../builder.svelte.ts'
import { fits } from './search-node-types.ts'

/** Where a carried step goes when it is let go: into an edge, or to a place of the canvas. */
export interface DropTarget {
  edgeId: string | undefined
  /** Its top left corner, on the canvas; undefined where the edge says it. */
  at: Point | undefined
}

/** A kind of step on its way from the palette to the canvas. */
export interface Carried {
  nodeType: NodeType
  /** Where the pointer is, on the screen. */
  at: Point
  /** Undefined where it cannot be let go. */
  target: DropTarget | undefined
  /** Whether the palette makes room for it: it was really meant to be dragged. */
  hasLeft: boolean
}

/** What letting go of a kind of step means here: on an edge that it fits into, or somewhere on the canvas. */
export function dropTarget({ view, palette }: Builder, nodeType: NodeType, screen: Point): DropTarget | undefined {
  const under = view?.under(screen)
  if (view === undefined || under === undefined) return undefined
  if (under.edgeId !== undefined && fits(nodeType, 'between')) {
    return { edgeId: under.edgeId, at: undefined }
  }
  const middle = view.toCanvas(screen)
  const height = cardHeight(portsOf({ params: nodeType.defaultParams }, nodeType).length)
  const at = { x: middle.x - card.width / 2, y: middle.y - height / 2 }
  // Opened to put a step into an edge, it goes there wherever it comes to lie.
  return { edgeId: palette?.edgeId, at }
}
