// search
//
// Finding a text in a text. The platform's own search takes, at worst, as many steps as both lengths multiplied: two texts of
// 250 kB that somebody made for it hold a process for seconds. So it is used where that is little; where it is not, the search
// here takes steps in proportion to the lengths, whatever the texts (Knuth, Morris and Pratt).

/** Lengths multiplied up to which the platform's search is used: its worst is about a millisecond then. */
const quickWork = 1 << 23

/** What a search takes at worst, in the units of `limits.fuel`: one for each 65,536 steps, or 256 characters of a walk. */
export function searchUnits(text: string, part: string): number {
  return isQuick(text, part) ? (text.length * part.length) >> 16 : (text.length + part.length) >> 8
}

/** Where the part begins first, from 0; -1 when it does not occur. */
export function firstPlaceOf(text: string, part: string): number {
  if (isQuick(text, part)) return text.indexOf(part)
  for (const place of walk(text, part, false)) return place
  return -1
}

/** Where the part begins last, from 0; -1 when it does not occur. */
export function lastPlaceOf(text: string, part: string): number {
  if (isQuick(text, part)) return text.lastIndexOf(part)
  let last = -1
  for (const place of walk(text, part, true)) last = place
  return last
}

/** The pieces between the occurrences of a part, which is not empty; at most `limit` of them. */
export function piecesOf(text: string, part: string, limit = Infinity): string[] {
  if (isQuick(text, part)) return text.split(part, limit === Infinity ? undefined : limit)
  const pieces: string[] = []
  let from = 0
  for (const place of walk(text, part, false)) {
    if (pieces.length >= limit) return pieces
    pieces.push(text.slice(from, place))
    from = place + part.length
  }
  if (pieces.length < limit) pieces.push(text.slice(from))
  return pieces
}

function isQuick(text: string, part: string): boolean {
  return text.length < part.length || text.length * part.length <= quickWork
}

/** Where the part begins, from left to right. An occurrence that begins within another one counts where they may overlap. */
function* walk(text: string, part: string, mayOverlap: boolean): Generator<number> {
  const borders = bordersOf(part)
  let matched = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1]!
    if (part.charCodeAt(matched) === unit) matched += 1
    if (matched < part.length) continue
    yield index - matched + 1
    matched = mayOverlap ? borders[matched - 1]! : 0
  }
}

/** For each beginning of the part: how long its longest end is with which the part begins too. */
function bordersOf(part: string): Uint32Array {
  const borders = new Uint32Array(part.length)
  let matched = 0
  for (let index = 1; index < part.length; index++) {
    const unit = part.charCodeAt(index)
    while (matched > 0 && part.charCodeAt(matched) !== unit) matched = borders[matched - 1]!
    if (part.charCodeAt(matched) === unit) matched += 1
    borders[index] = matched
  }
  return borders
}
