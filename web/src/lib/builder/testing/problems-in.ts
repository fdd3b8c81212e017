import { z } from 'zod'
import { Problem } from '#contract/problem.ts'
import type { Json } from '#contract/json.ts'

const Details = z.object({ problems: z.array(Problem) })

/** The problems of a graph that an error tells of; none where it tells of something else. */
export function problemsIn(details: Json): readonly Problem[] {
  return Details.safeParse(details).data?.problems ?? []
}
