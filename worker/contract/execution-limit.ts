import { z } from 'zod'
import { mostRunning } from './facts/execution-limit.ts'

/** How many executions of an organization go on at a time, all its workflows together; null is no limit. */
const running = z.int().min(1).max(mostRunning).nullable()

/** `PUT /execution-limit`. Null: as many as there are. */
export const SetExecutionLimitRequest = z
  .strictObject({
    limit: running.describe('How many executions go on at a time, all workflows together. Null: no limit.'),
  })
  .meta({ id: 'SetExecutionLimitRequest' })
export type SetExecutionLimitRequest = z.infer<typeof SetExecutionLimitRequest>

/** What holds, and how it stands. Executions that wait for a time, people or others do not count. */
export const ExecutionLimit = z
  .strictObject({
    /** What the organization says. */
    limit: running,
    /** The most that whoever runs the installation lets it have; null is no limit. The lower of the two holds. */
    most: z.int().nullable(),
    /** How many go on and how many wait for their turn; absent where nothing limits them, or nobody can say just now. */
    running: z.int().optional(),
    waiting: z.int().optional(),
  })
  .meta({ id: 'ExecutionLimit' })
export type ExecutionLimit = z.infer<typeof ExecutionLimit>
