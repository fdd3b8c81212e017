/** Says what one list lacks, and has too much, beside what it should be; whatever their order. */
export function tellDifference(is: readonly string[], should: readonly string[], say: (what: string) => void): void {
  const left = [...is]
  for (const each of should) {
    const index = left.indexOf(each)
    if (index === -1) say(`lacks ${each}`)
    else left.splice(index, 1)
  }
  for (const each of left) say(`has ${each}`)
}
