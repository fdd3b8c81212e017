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
  if (canvas !== null) nodeElement(canvas, id)?.focus()
}

/** Handles the keys of a canvas to look at: arrows walk and choose, Enter chooses, Escape chooses nothing. */
export function walkKeys({ graph, choose }: { graph: () => Graph; choose: (id: string | undefined) => void }) {
  return (event: KeyboardEvent): void => {
    const id = focusedNodeId(event)
    if (id === undefined) return
    const direction = directionOf(event)
    if (direction !== undefined) {
      const next = nodeTowards(graph(), id, direction)
      event.preventDefault()
      if (next === undefined) return
      choose(next)
      const canvas = event.currentTarget instanceof Element ? event.currentTarget : null
      requestAnimationFrame(() => focusNode(canvas, next))
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      choose(id)
    } else if (event.key === 'Escape') choose(undefined)
  }
}
