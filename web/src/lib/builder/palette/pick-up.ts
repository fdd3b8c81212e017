import type { NodeType } from '#contract/node-type.ts'
import type { Point } from '#lib/graph/model/geometry.ts'
import type { Builder } from '../builder.svelte.ts'
import { dropTarget } from './drop-target.ts'

/** How far a press must move to be a drag, in pixels of the screen: less is a click with an unsteady hand. */
const threshold = 6

/** How far a step must be carried for the palette to make room: less is a slip, which puts it back. */
const leaving = 40

/**
 * Follows a press on a kind of step in the palette. Once it moves, the step is carried: `builder.carried` says where, and to let
 * it go over the canvas adds it there. Escape, or anywhere else, puts it back. A press that does not move stays a click.
 *
 * Gives what ends it early, to be called when the palette closes.
 */
export function pickUp(builder: Builder, nodeType: NodeType, press: PointerEvent): () => void {
  const from: Point = { x: press.clientX, y: press.clientY }
  const listening = new AbortController()
  const options = { signal: listening.signal }
  let hasLeft = false
  let isPutBack = false

  function end() {
    listening.abort()
    builder.carried = undefined
  }

  function move(event: PointerEvent) {
    if (event.pointerId !== press.pointerId || isPutBack) return
    const at = { x: event.clientX, y: event.clientY }
    const distance = Math.hypot(at.x - from.x, at.y - from.y)
    if (builder.carried === undefined) {
      if (distance < threshold) return
      // The press stays this row's, so that nothing under the pointer takes it for its own.
      if (press.target instanceof Element) press.target.setPointerCapture(press.pointerId)
    }
    hasLeft ||= distance >= leaving
    const target = hasLeft ? dropTarget(builder, nodeType, at) : undefined
    builder.carried = { nodeType, at, target, hasLeft }
  }

  function drop(event: PointerEvent) {
    if (event.pointerId !== press.pointerId) return
    const { carried } = builder
    end()
    if (carried !== undefined || isPutBack) ignoreClick()
    if (carried?.target !== undefined) builder.add(nodeType, carried.target)
  }

  window.addEventListener('pointermove', move, options)
  window.addEventListener('pointerup', drop, options)
  window.addEventListener('pointercancel', end, options)
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || builder.carried === undefined) return
      event.preventDefault()
      event.stopPropagation()
      isPutBack = true
      builder.carried = undefined
    },
    { ...options, capture: true },
  )
  return end
}

/** The browser ends a drag with a click on what was pressed, which here would add the step a second time. */
function ignoreClick(): void {
  const stop = (event: Event) => event.stopPropagation()
  window.addEventListener('click', stop, { capture: true, once: true })
  setTimeout(() => window.removeEventListener('click', stop, { capture: true }))
}
