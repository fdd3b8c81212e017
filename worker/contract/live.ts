import { z } from 'zod'
import { Execution } from './execution.ts'

/**
 * Every message on an execution's socket (`/ws/executions/:id`), server to browser. The server sends the whole
 * execution after each turn: it is small, and a browser that missed one message needs no repair.
 */
export const LiveMessage = z.discriminatedUnion('type', [
  z.strictObject({ v: z.literal(1), type: z.literal('execution'), execution: Execution }),
  /** Nothing has started under this id yet; the next message says what became of it. */
  z.strictObject({ v: z.literal(1), type: z.literal('pending') }),
])
export type LiveMessage = z.infer<typeof LiveMessage>
