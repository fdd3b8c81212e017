/** What one lot weighs at most, and each item of it. */
export interface LotLimit<Item> {
  most: number
  weightOf(item: Item): number
}

/**
 * Calls with the items in lots, one after the other, each of as many items as may go together; one that is too heavy goes
 * alone. Gives the results of all in the items' order, of which each call gives one per item. Rejects with the first call
 * that does; what comes after it is not called.
 */
export async function inLots<Item, Result>(
  items: readonly Item[],
  { most, weightOf }: LotLimit<Item>,
  call: (lot: Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const results: Result[] = []
  let lot: Item[] = []
  let weight = 0
  for (const item of items) {
    const own = weightOf(item)
    if (lot.length > 0 && weight + own > most) {
      results.push(...(await call(lot)))
      lot = []
      weight = 0
    }
    lot.push(item)
    weight += own
  }
  if (lot.length > 0) results.push(...(await call(lot)))
  return results
}
