/** Which statuses mean success: inclusive ranges. */
export type Expectation = readonly (readonly [number, number])[]

/** Reads `2xx, 404, 301-308`. Null when a part is none of these. An empty text means 2xx. */
export function parseExpectation(text: string): Expectation | null {
  const parts = text
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
  if (parts.length === 0) return [[200, 299]]
  const ranges: (readonly [number, number])[] = []
  for (const part of parts) {
    const [, family, from, to] = /^(?:([1-5])xx|([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?)$/.exec(part) ?? []
    if (family !== undefined) ranges.push([Number(family) * 100, Number(family) * 100 + 99])
    else if (from !== undefined) ranges.push([Number(from), Number(to ?? from)])
    else return null
  }
  return ranges
}

/** True when the status lies in one of the ranges. */
export function isExpected(status: number, expectation: Expectation): boolean {
  return expectation.some(([from, to]) => status >= from && status <= to)
}
