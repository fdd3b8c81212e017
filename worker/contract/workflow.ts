import { z } from 'zod'
import { Graph } from './graph.ts'
import { UserId, VersionId, WorkflowId } from './id.ts'
import { Problem } from './problem.ts'
import { Cursor, PageLimit } from './page-query.ts'
import { wholeText } from './whole-text.ts'

const instant = z.iso.datetime()

/** `draft`: never published. `active`: its triggers start executions. `paused`: published, but starts nothing. */
export const WorkflowStatus = z.enum(['draft', 'active', 'paused', 'archived']).meta({ id: 'WorkflowStatus' })
export type WorkflowStatus = z.infer<typeof WorkflowStatus>

/** Who besides its maker sees a workflow. Members with wider visibility (admins) see all of the organization. */
export const Visibility = z.enum(['own', 'team', 'organization']).meta({ id: 'Visibility' })
export type Visibility = z.infer<typeof Visibility>

const name = wholeText().trim().min(1).max(120)
const description = wholeText().max(2_000)

/** A webhook address of a workflow: `nodeId` is the trigger node it belongs to. Its secret is never shown again. */
export const Hook = z
  .strictObject({ nodeId: z.string(), url: z.url(), path: z.string(), hasSecret: z.boolean() })
  .meta({ id: 'Hook' })
export type Hook = z.infer<typeof Hook>

/** Sets the secret that a hook's senders sign with: the given one, or a new one of 32 random bytes. */
export const SetHookSecretRequest = z
  .strictObject({
    secret: z
      .string()
      .min(24)
      .max(512)
      .optional()
      .describe('The secret to set, as the provider shows it; left out, a new one is made and answered.'),
  })
  .meta({ id: 'SetHookSecretRequest' })
export type SetHookSecretRequest = z.infer<typeof SetHookSecretRequest>

/** The secret just set, shown this once. */
export const HookSecret = z.strictObject({ nodeId: z.string(), secret: z.string() }).meta({ id: 'HookSecret' })
export type HookSecret = z.infer<typeof HookSecret>

/** A workflow as lists show it. */
export const WorkflowSummary = z
  .strictObject({
    id: WorkflowId,
    name,
    description,
    status: WorkflowStatus,
    visibility: Visibility,
    createdBy: UserId,
    createdAt: instant,
    updatedAt: instant,
    /** The live version's number; absent before the first publish. */
    publishedNumber: z.int().optional(),
    /** Whether the draft differs from the live version. */
    hasUnpublishedChanges: z.boolean(),
    triggerTypes: z.array(z.string()),
    nodeCount: z.int(),
  })
  .meta({ id: 'WorkflowSummary' })
export type WorkflowSummary = z.infer<typeof WorkflowSummary>

/** A workflow with its draft. `revision` counts saved drafts and is the `ETag`; send it back as `If-Match`. */
export const Workflow = WorkflowSummary.extend({
  graph: Graph,
  revision: z.int(),
  hooks: z.array(Hook),
}).meta({ id: 'Workflow' })
export type Workflow = z.infer<typeof Workflow>

/** `POST /workflows`. Without a graph the draft is empty. */
export const CreateWorkflowRequest = z
  .strictObject({
    name: name.describe('What it is called.'),
    description: description.optional().describe('What it is for, in your own words.'),
    visibility: Visibility.optional().describe(
      'Who besides its maker sees it: nobody, their teams, or the organization.',
    ),
    graph: Graph.optional().describe('Its first draft: steps, edges, variables and settings; left out, it is empty.'),
  })
  .meta({ id: 'CreateWorkflowRequest' })
export type CreateWorkflowRequest = z.infer<typeof CreateWorkflowRequest>

/** Saves the draft. What is left out stays as it is. Needs `If-Match` with the revision it was based on. */
export const SaveWorkflowRequest = z
  .strictObject({
    name: name.optional().describe('What it is called.'),
    description: description.optional().describe('What it is for, in your own words.'),
    visibility: Visibility.optional().describe(
      'Who besides its maker sees it: nobody, their teams, or the organization.',
    ),
    graph: Graph.optional().describe('The whole draft: steps, edges, variables and settings.'),
  })
  .meta({ id: 'SaveWorkflowRequest' })
export type SaveWorkflowRequest = z.infer<typeof SaveWorkflowRequest>

/** `POST /workflows/{workflowId}/publish`. The note is shown beside the version. */
export const PublishRequest = z
  .strictObject({ note: wholeText().max(500).optional().describe('What changed, shown beside the version.') })
  .meta({ id: 'PublishRequest' })
export type PublishRequest = z.infer<typeof PublishRequest>

/** An immutable published snapshot. `hash` is SHA-256 of its canonical graph. */
export const VersionSummary = z
  .strictObject({
    id: VersionId,
    workflowId: WorkflowId,
    number: z.int(),
    hash: z.string(),
    note: z.string(),
    publishedBy: UserId,
    publishedAt: instant,
  })
  .meta({ id: 'VersionSummary' })
export type VersionSummary = z.infer<typeof VersionSummary>
/** A version with its graph, as it was when it was published. */
export const Version = VersionSummary.extend({ graph: Graph }).meta({ id: 'Version' })
export type Version = z.infer<typeof Version>

/** Without a graph the draft is looked at. */
export const ValidateRequest = z
  .strictObject({ graph: Graph.optional().describe('The graph to look at; the draft when it is left out.') })
  .meta({ id: 'ValidateRequest' })
export type ValidateRequest = z.infer<typeof ValidateRequest>

/** All that is wrong with a graph. `valid`: none of it is an error, so it can be published. */
export const Validation = z.strictObject({ valid: z.boolean(), problems: z.array(Problem) }).meta({ id: 'Validation' })
export type Validation = z.infer<typeof Validation>

/** `GET /workflows`: workflows that the caller sees, for which all filters hold. */
export const WorkflowListQuery = z.strictObject({
  status: WorkflowStatus.optional().describe('Only workflows of this status.'),
  search: z.string().max(120).optional().describe('Part of a name.'),
  cursor: Cursor,
  limit: PageLimit,
})
export type WorkflowListQuery = z.infer<typeof WorkflowListQuery>
