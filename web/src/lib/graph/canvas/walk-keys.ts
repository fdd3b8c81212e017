import type { Graph } from '#contract/graph.ts'
import { type Direction, nodeTowards } from '../model/walk.ts'

const directions: Partial<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}

/** Which way an arrow key leads, without a modifier. */
export function directionOf(event: KeyboardEvent): Direction | undefined {
  return event.altKey || event.ctrlKey || event.metaKey || event.shiftKey ? undefined : directions[event.key]
}

/** The id of the node that has the focus. */
export function focusedNodeId(event: Event): string | undefined {
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('.svelte-flow__node') : null
  return element?.dataset['id']
}

/** A node's card; undefined when it is not drawn. */
export function nodeElement(canvas: Element, id: string): HTMLElement | undefined {
  return canvas.querySelector<HTMLElement>(`.svelte-flow__node[data-id="${CSS.escape(id)}"]`) ?? undefined
}

/** Puts the focus on a node's card. */
export function focusNode(canvas: Element | null, id: string): void {
  if (canvas !== null) nodeElement(canvas, id)?.focus({ preventScroll: true })
}

interface Walk {
  graph: () => Graph
  /** The node that is chosen, from which the walk goes on while no node has the focus. */
  chosenId: () => string | undefined
  choose: (id: string | undefined) => void
}

/**
 * Handles the keys of a canvas to look at: arrows walk and choose, Enter chooses, Escape chooses nothing. To bring what is
 * chosen into sight, and give it the focus, is left to who draws.
 */
export function walkKeys({ graph, chosenId, choose }: Walk) {
  return (event: KeyboardEvent): void => {
    const id = focusedNodeId(event) ?? (event.target === event.currentTarget ? chosenId() : undefined)
    if (id === undefined) return
    const direction = directionOf(event)
    if (direction !== undefined) {
      const next = nodeTowards(graph(), id, direction)
      event.preventDefault()
      if (next !== undefined) choose(next)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      choose(id)
    } else if (event.key === 'Escape') choose(undefined)
  }
}
