import { useStore, useSvelteFlow } from '@xyflow/svelte'
import { tick } from 'svelte'
import { card, type Point } from '../model/geometry.ts'
import { focusNode, nodeElement } from './walk-keys.ts'

interface Surroundings {
  /** What the keyboard's focus is in while a node is not drawn yet. */
  element: () => HTMLElement | undefined
  /** How much of the canvas's right side lies under a panel, in pixels. */
  coveredRight?: () => number
}

interface Wish {
  /** The node also gets the focus. */
  focus: boolean
  /** Below this zoom nothing can be read: it is drawn larger. */
  leastZoom: number
}

/** What brings a node into sight. To be called while a component within the canvas is made. */
export function useReveal({ element, coveredRight = () => 0 }: Surroundings) {
  const flow = useSvelteFlow()
  const store = useStore()
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  const duration = () => (calm.matches ? 0 : 160)
  let calls = 0

  function isInSight(node: Point): boolean {
    const { x, y, zoom } = store.viewport
    const [left, top] = [node.x * zoom + x, node.y * zoom + y]
    return (
      left >= 8 &&
      top >= 8 &&
      left + card.width * zoom <= store.width - coveredRight() - 8 &&
      top + card.height * zoom <= store.height - 8
    )
  }

  async function reveal(nodeId: string, { focus, leastZoom }: Wish): Promise<void> {
    const call = ++calls
    // The node may have been made a moment ago: it is on the canvas after the next drawing.
    await tick()
    const node = flow.getNode(nodeId)
    if (node === undefined || call !== calls) return
    const canvas = element()
    const isDrawn = canvas !== undefined && nodeElement(canvas, nodeId) !== undefined
    // Of a large workflow only what is in sight is drawn. The keys must not get lost with a node that leaves it.
    if (focus && isDrawn) focusNode(canvas, nodeId)
    else if (focus) canvas?.focus({ preventScroll: true })
    if (!isInSight(node.position) || store.viewport.zoom < leastZoom) {
      const zoom = Math.max(leastZoom + 0.1, Math.min(1, store.viewport.zoom))
      const x = node.position.x + card.width / 2 + coveredRight() / 2 / zoom
      await flow.setCenter(x, node.position.y + card.height / 2, { zoom, duration: duration() })
    }
    if (!focus || isDrawn) return
    await tick()
    requestAnimationFrame(() => {
      if (call === calls && canvas?.contains(document.activeElement)) focusNode(canvas, nodeId)
    })
  }

  return { reveal, duration }
}
