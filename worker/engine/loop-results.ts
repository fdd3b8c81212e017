import type { Json } from '../contract/json.ts'

/** The output of a loop as it is read: the journal holds its results where they were made, and not again. */
export function withResults(output: Json, key: string, results: readonly Json[]): Json {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return output
  return { ...output, [key]: [...results] }
}
