import { z } from 'zod'

/**
 * One thing that is wrong with a graph. `path` is where in the graph (`nodes.2.params.url`); `nodeId` or `edgeId`
 * lets the builder mark it. Errors keep a graph from being published, warnings do not.
 */
export const Problem = z
  .strictObject({
    severity: z.enum(['error', 'warning']),
    code: z.string(),
    message: z.string(),
    path: z.string(),
    nodeId: z.string().optional(),
    edgeId: z.string().optional(),
    /** Offset in the text at `path` where an expression goes wrong. */
    position: z.int().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
