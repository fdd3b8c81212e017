/** Pieces that may lie between us and a connection that is being made; found by trial, see the test of the built product. */
const piecesOnTheWay = 3

/**
 * Bytes as a body that says when its end is given away. Before that the request cannot have gone out whole, whatever the
 * platform says: while no connection is made, nothing takes the first bytes, so the rest is never asked for.
 *
 * Undefined where that cannot be told: the platform has no such streams, or there are too few bytes to tell.
 */
export function watchedBody(bytes: Uint8Array, whenGone: () => void): ReadableStream<Uint8Array> | undefined {
  if (!announcesLengths || bytes.length <= piecesOnTheWay) return undefined
  let taken = 0
  const source: UnderlyingSource<Uint8Array> = {
    expectedLength: bytes.length,
    pull(controller) {
      if (taken < piecesOnTheWay) {
        controller.enqueue(bytes.subarray(taken, ++taken))
        return
      }
      whenGone()
      controller.enqueue(bytes.subarray(taken))
      controller.close()
    },
  }
  // Nothing is asked for before it is wanted.
  return new ReadableStream(source, { highWaterMark: 0 })
}

/** Whether the platform announces the length of a stream to the other side (workerd does); others send it in chunks. */
const announcesLengths = typeof FixedLengthStream !== 'undefined'
