/** How many works of several parties are under way at a time. */
const atOnce = 16

/**
 * Does all works of all parties, round-robin: with several parties a bounded number of works is under way at a time, and the
 * parties take turns for the next one, so that a party with few works waits for few of the others. The works of a single
 * party are begun together. A work must not reject. Returns the results by party, in their order.
 */
export function inTurns<Result>(parties: readonly (readonly (() => Promise<Result>)[])[]): Promise<Result[][]> {
  const busy = parties.filter((works) => works.length > 0)
  if (busy.length <= 1) return Promise.all(parties.map((works) => Promise.all(works.map((work) => work()))))
  return takeTurns(parties)
}

async function takeTurns<Result>(parties: readonly (readonly (() => Promise<Result>)[])[]): Promise<Result[][]> {
  const results: Result[][] = parties.map(() => [])
  const turns = turnsOf(parties)
  const go = async () => {
    for (const [party, index] of turns) results[party]![index] = await parties[party]![index]!()
  }
  await Promise.all(Array.from({ length: atOnce }, go))
  return results
}

/** The first work of each party, the second of each, and so on. */
function* turnsOf(parties: readonly (readonly unknown[])[]): Generator<[party: number, index: number]> {
  const most = Math.max(...parties.map(({ length }) => length))
  for (let index = 0; index < most; index++) {
    for (const [party, works] of parties.entries()) if (index < works.length) yield [party, index]
  }
}
