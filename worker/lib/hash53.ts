/**
 * A whole number below 2^53 for a text: two FNV-1a hashes that begin differently. For finding things again, never for telling
 * them apart: whoever wants two texts of one hash can make them.
 */
export function hash53(text: string): number {
  let one = 0x811c9dc5
  let other = 0x2b5a3c1d
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    one = Math.imul(one ^ code, 0x01000193)
    other = Math.imul(other ^ code ^ (one >>> 15), 0x01000193)
  }
  return (other & 0x1fffff) * 0x100000000 + (one >>> 0)
}
