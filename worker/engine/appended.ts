import type { Json } from '../contract/json.ts'

/** What a step adds to a list in a variable: recorded without the list, which may be as long as all that was added before. */
export interface Appended {
  readonly name: string
  readonly entries: readonly Json[]
  /** How many entries the list keeps: the last ones. Absent: all. */
  readonly keep?: number
}

/** The list from then on. A variable that holds no list yet begins empty. */
export function withAppended(before: Json | undefined, { entries, keep }: Appended): Json[] {
  const list = Array.isArray(before) ? [...before, ...entries] : [...entries]
  return keep === undefined ? list : list.slice(-keep)
}
