/** How many works of several parties are under way at a time. */
const mostOfSeveral = 16
/** How many works are begun without a pause. */
const slice = 8

/**
 * Does all works of all parties, round-robin: with several parties a bounded number of works is under way at a time, and the
 * parties take turns for the next one, so that a party with few works waits for few of the others. Between a few works and
 * the next `pause` is waited for. A work must not reject. Returns the results by party, in their order.
 */
export async function inTurns<Result>(
  parties: readonly (readonly (() => Promise<Result>)[])[],
  pause: () => Promise<void>,
): Promise<Result[][]> {
  const most = parties.filter((works) => works.length > 0).length <= 1 ? Infinity : mostOfSeveral
  const results: Result[][] = parties.map(() => [])
  const underWay = new Set<Promise<void>>()
  let begun = 0
  for (const [party, index] of turnsOf(parties)) {
    if (begun > 0 && begun % slice === 0) await pause()
    if (underWay.size >= most) await Promise.race(underWay)
    begun += 1
    const work = parties[party]![index]!().then((result) => {
      results[party]![index] = result
      underWay.delete(work)
    })
    underWay.add(work)
  }
  await Promise.all(underWay)
  return results
}

/** The first work of each party, the second of each, and so on. */
function* turnsOf(parties: readonly (readonly unknown[])[]): Generator<[party: number, index: number]> {
  const most = Math.max(...parties.map(({ length }) => length))
  for (let index = 0; index < most; index++) {
    for (const [party, works] of parties.entries()) if (index < works.length) yield [party, index]
  }
}
