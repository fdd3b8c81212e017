import { useStore, useSvelteFlow } from '@xyflow/svelte'
import { tick } from 'svelte'
import { type Box, card, moveInto } from '../model/geometry.ts'
import { calmDuration } from './calm-duration.ts'
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

/** What a node that is brought into sight has around it, in canvas pixels: the button after its ways out, at the right. */
const room = { top: 24, right: 104, bottom: 24, left: 24 } as const

/**
 * What brings a node into sight: moves the canvas as little as it takes, so that what the person was looking at stays,
 * and to the node where it is far away. To be called while a component within the canvas is made.
 */
export function useReveal({ element, coveredRight = () => 0 }: Surroundings) {
  const flow = useSvelteFlow()
  const store = useStore()
  const duration = () => calmDuration(160)
  let calls = 0

  /** What is to be seen, in canvas pixels. */
  function sight(): Box {
    const { x, y, zoom } = store.viewport
    return { x: -x / zoom, y: -y / zoom, width: (store.width - coveredRight()) / zoom, height: store.height / zoom }
  }

  async function moveTo(box: Box, leastZoom: number): Promise<void> {
    const { x, y, zoom } = store.viewport
    const area = sight()
    const move = moveInto(box, area, room)
    const isFar = Math.abs(move.x) > area.width || Math.abs(move.y) > area.height
    if (zoom < leastZoom || isFar) {
      const next = Math.max(leastZoom + 0.1, Math.min(1, zoom))
      const middle = { x: box.x + box.width / 2 + coveredRight() / 2 / next, y: box.y + box.height / 2 }
      await flow.setCenter(middle.x, middle.y, { zoom: next, duration: duration() })
    } else if (move.x !== 0 || move.y !== 0) {
      await flow.setViewport({ x: x + move.x * zoom, y: y + move.y * zoom, zoom }, { duration: duration() })
    }
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
    await moveTo({ ...node.position, width: node.width ?? card.width, height: node.height ?? card.height }, leastZoom)
    if (!focus || isDrawn) return
    await tick()
    requestAnimationFrame(() => {
      if (call === calls && canvas?.contains(document.activeElement)) focusNode(canvas, nodeId)
    })
  }

  return { reveal, duration }
}
