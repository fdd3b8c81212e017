import type { FinalConnectionState } from '@xyflow/system'
import type { Anchor } from '../commands/add-node.ts'
import type { Point } from '#lib/graph/model/geometry.ts'

/** What a connection that was dropped on empty space hangs on; undefined when it ended at a node. */
export function anchorOf({ isValid, fromHandle, toNode }: FinalConnectionState): Anchor | undefined {
  if (isValid === true || toNode !== null || fromHandle === null) return undefined
  return fromHandle.type === 'target'
    ? { to: fromHandle.nodeId }
    : { from: fromHandle.nodeId, port: fromHandle.id ?? '' }
}

/** Where on the screen a press or a touch ended. */
export function screenPoint(event: MouseEvent | TouchEvent): Point | undefined {
  const place = 'changedTouches' in event ? event.changedTouches[0] : event
  return place && { x: place.clientX, y: place.clientY }
}
