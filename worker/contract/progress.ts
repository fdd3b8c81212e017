import { z } from 'zod'
import { progressNotes } from './facts/progress.ts'
import { ExecutionId } from './id.ts'

/**
 * What is likely, and between what eight of ten lie: the median of earlier executions, with their tenth and ninetieth
 * hundredth. All three are the same where nothing varies.
 */
export const Estimate = z
  .strictObject({ likely: z.number().min(0), from: z.number().min(0), to: z.number().min(0) })
  .meta({ id: 'Estimate' })
export type Estimate = z.infer<typeof Estimate>

/** Why the progress of an execution says less than one might wish. */
export const ProgressNote = z.enum(progressNotes).meta({ id: 'ProgressNote' })
export type ProgressNote = z.infer<typeof ProgressNote>

/** How far an execution has come. */
export const ExecutionProgress = z
  .strictObject({
    executionId: ExecutionId,
    /** Of when it speaks: what remains is counted from here. */
    at: z.iso.datetime(),
    /** Steps that have ended, whatever way. Each iteration's steps of a loop count. */
    done: z.int().min(0),
    /** Steps that it will have had at its end, those that are done among them. Null: nobody can say. */
    expected: Estimate.nullable(),
    /**
     * Of the way, 0 to 1; 1 only once it has finished. It does not go back when an execution turns out longer than it
     * looked: it stands still until the steps have caught up. Null where nothing is expected.
     */
    share: z.number().min(0).max(1).nullable(),
    /** Time until its end, in ms. Null: nobody can say. */
    remainingMs: Estimate.nullable(),
    note: ProgressNote.optional(),
    /**
     * What is expected was learned from so many executions that completed: of its own version, or of an earlier one
     * where that has none. `graph`: there was nothing to learn from, and only one way through. Null: of nothing.
     */
    basedOn: z
      .discriminatedUnion('source', [
        z.strictObject({
          source: z.literal('history'),
          executions: z.int().min(1),
          versionNumber: z.int(),
          sameVersion: z.boolean(),
        }),
        z.strictObject({ source: z.literal('graph') }),
      ])
      .nullable(),
  })
  .meta({ id: 'ExecutionProgress' })
export type ExecutionProgress = z.infer<typeof ExecutionProgress>
