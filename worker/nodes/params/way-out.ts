import { z } from 'zod'

/** The key of a way out that people add. Edges name it, so it is a key and not the label people read. */
export function wayOut(...taken: string[]) {
  return z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.:-]{0,79}$/, 'must be letters, digits, - and _')
    .refine((port) => port !== 'error' && !taken.includes(port), 'is taken by the node itself')
}
