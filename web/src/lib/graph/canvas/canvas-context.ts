import { createContext } from 'svelte'

/** What nodes and edges ask of the canvas they are on. Without `edit`, it is for looking only. */
export interface CanvasContext {
  edit?: {
    /** Offers the palette for a step after this way out. `at` is the button that was pressed, on the screen. */
    addAfter(nodeId: string, port: string, at: DOMRect): void
    insertOn(edgeId: string, at: DOMRect): void
    notes: {
      /** The one that is written in. */
      readonly writingId: string | undefined
      write(id: string, text: string): void
      /** Writing has ended; by a key, so that the focus goes back to the note. */
      end(id: string, byKey: boolean): void
    }
  }
  /** The edge under the pointer, which shows its plus. */
  readonly hoveredEdgeId: string | undefined
  /** The edge that a step would be put into if it were let go now. */
  readonly targetEdgeId: string | undefined
  hoverEdge(edgeId: string | undefined): void
}

export const [getCanvas, setCanvas] = createContext<CanvasContext>()
