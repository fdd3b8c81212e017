/** Pieces that may lie between us and a connection that is being made; found by trial, see the test of the built product. */
const piecesOnTheWay = 4

/**
 * Bytes as a body that says when its end is given away. Before that the request can not have gone out whole, whatever the
 * platform says: while no connection is made, nothing takes the first bytes, so the rest is never asked for.
 *
 * Undefined where that can not be told: the platform has no such streams, or there are too few bytes to tell.
 */
export function watchedBody(bytes: Uint8Array, whenGone: () => void): ReadableStream<Uint8Array> | undefined {
  if (typeof FixedLengthStream === 'undefined' || bytes.length <= piecesOnTheWay) return undefined
  const { readable, writable } = new FixedLengthStream(bytes.length)
  const writer = writable.getWriter()
  // What becomes of the call is told by the call.
  const ignore = () => undefined
  writer.closed.catch(ignore)
  let taken: Promise<void> = Promise.resolve()
  for (let at = 0; at < piecesOnTheWay; at++) {
    taken = writer.write(bytes.subarray(at, at + 1))
    taken.catch(ignore)
  }
  taken
    .then(() => {
      whenGone()
      writer.write(bytes.subarray(piecesOnTheWay)).catch(ignore)
      return writer.close()
    })
    .catch(ignore)
  return readable
}
