import { z } from 'zod'
import { ExecutionStatus } from './execution.ts'
import { maxMigrations } from './facts/migration.ts'
import { ExecutionId, VersionId } from './id.ts'

/** `POST /workflows/:id/migrations`: those that wait (or are paused) on another version, or those of them that are named. */
export const MigrationRequest = z
  .strictObject({
    to: VersionId.describe('The version they are to go on with.'),
    ids: z
      .array(ExecutionId)
      .min(1)
      .max(maxMigrations)
      .optional()
      .describe('Only these; all that wait on another version when left out.'),
    cursor: ExecutionId.optional().describe('The `nextCursor` of the answer before.'),
  })
  .meta({ id: 'MigrationRequest' })
export type MigrationRequest = z.infer<typeof MigrationRequest>

/** Why an execution cannot move: it is over, it is in the middle of something, or a step does not fit. */
export const MigrationReason = z
  .strictObject({ code: z.string(), message: z.string(), path: z.string().optional() })
  .meta({ id: 'MigrationReason' })
export type MigrationReason = z.infer<typeof MigrationReason>

const candidate = {
  id: ExecutionId,
  status: ExecutionStatus,
  versionNumber: z.int(),
  /** The steps at which it waits. */
  waitsAt: z.array(z.string()),
}

/** Which of them can move, and why the rest cannot. Nothing has changed. */
export const MigrationPreview = z
  .strictObject({
    to: z.strictObject({ id: VersionId, number: z.int() }),
    movable: z.array(z.strictObject(candidate)),
    stuck: z.array(z.strictObject({ ...candidate, reasons: z.array(MigrationReason) })),
    nextCursor: ExecutionId.optional(),
  })
  .meta({ id: 'MigrationPreview' })
export type MigrationPreview = z.infer<typeof MigrationPreview>

/** Which have moved (or had before), and why the rest have not. */
export const MigrationResult = z
  .strictObject({
    to: z.strictObject({ id: VersionId, number: z.int() }),
    moved: z.array(ExecutionId),
    stuck: z.array(z.strictObject({ id: ExecutionId, reasons: z.array(MigrationReason) })),
    nextCursor: ExecutionId.optional(),
  })
  .meta({ id: 'MigrationResult' })
export type MigrationResult = z.infer<typeof MigrationResult>
