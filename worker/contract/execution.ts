import { z } from 'zod'
import { QueuePlace } from './concurrency.ts'
import { executionStatuses, stepStatuses } from './facts/execution.ts'
import { Failure } from './failure.ts'
import { Graph } from './graph.ts'
import { ContactId, EventId, ExecutionCursor, ExecutionId, VersionId, WorkflowId } from './id.ts'
import { Json } from './json.ts'
import { PageLimit } from './page-query.ts'

/** Where an execution stands. `isTerminal` says which statuses are final. */
export const ExecutionStatus = z.enum(executionStatuses).meta({ id: 'ExecutionStatus' })
export type ExecutionStatus = z.infer<typeof ExecutionStatus>

/** Where a step stands. `retrying`: between two attempts. */
export const StepStatus = z.enum(stepStatuses).meta({ id: 'StepStatus' })
export type StepStatus = z.infer<typeof StepStatus>

/** What started an execution: the trigger node's kind, in one word. */
export const TriggerKind = z
  .enum(['webhook', 'event', 'manual', 'schedule', 'retry', 'call', 'fork', 'pretend_fork'])
  .meta({ id: 'TriggerKind' })
export type TriggerKind = z.infer<typeof TriggerKind>

const instant = z.iso.datetime()

/** One step as people see it. Times are ISO 8601; `path` tells visits and iterations of one node apart. */
export const Step = z
  .strictObject({
    path: z.string(),
    nodeId: z.string(),
    status: StepStatus,
    attempt: z.int(),
    startedAt: instant,
    finishedAt: instant.optional(),
    /** While waiting or between retries: when it goes on. */
    dueAt: instant.optional(),
    /** While it waits for an event: of which type or pattern. */
    waitsFor: z.string().optional(),
    /** Its call is held back until `dueAt`, and why: no retry is used up. */
    deferred: z.strictObject({ code: z.string(), message: z.string() }).optional(),
    /** Params after expressions, where the step acts on the world. */
    input: Json.optional(),
    output: Json.optional(),
    /** The way out it took. */
    port: z.string().optional(),
    /** Why it took that way: the comparisons that decided, with the values they saw. */
    because: Json.optional(),
    /** Of a step in which others go on: how many branches or iterations have ended, of how many where that is known. */
    progress: z.strictObject({ done: z.int(), total: z.int().optional() }).optional(),
    /** It was not called: its output is what it gave then. */
    cachedAt: instant.optional(),
    /** Of a step that calls another workflow: which, and the execution once it is there. */
    child: z.strictObject({ workflowId: z.string(), executionId: z.string().optional() }).optional(),
    /** It undoes the step at this path. */
    undoes: z.string().optional(),
    /** It is part of the error handler. */
    inHandler: z.literal(true).optional(),
    /** The execution failed, and what it did was undone. */
    undone: z.literal(true).optional(),
    failure: Failure.optional(),
    /** Failed, and the workflow went on by `continue` or the error branch. */
    handled: z.boolean().optional(),
    /** Of a step that called the outside: the try of the execution in which it last did. */
    generation: z.int().optional(),
    /** The key its outside effect is sent under: the same over attempts and crashes. */
    idempotencyKey: z.string().optional(),
    /** The execution this is a fork of did it: it was not done again. */
    inherited: z.boolean().optional(),
    /** Somebody edited what it gave: steps that came later read this. */
    edited: z.boolean().optional(),
    /** Earlier attempts that failed. */
    failures: z.array(z.strictObject({ attempt: z.int(), at: instant, failure: Failure })).optional(),
  })
  .meta({ id: 'Step' })
export type Step = z.infer<typeof Step>

/** What is done after an execution came to its end: what it did is undone, and its error handler runs. */
export const Aftermath = z
  .strictObject({
    /** How the execution ended before it. */
    status: z.enum(['failed', 'timed_out', 'cancelled']),
    /** Steps that were to be undone, in the order in which that was done: the last first. */
    rollback: z.array(
      z.strictObject({
        path: z.string(),
        nodeId: z.string(),
        status: z.enum(['running', 'undone', 'failed']),
        failure: Failure.optional(),
      }),
    ),
    handler: z
      .strictObject({
        nodeId: z.string(),
        status: z.enum(['running', 'completed', 'failed']),
        startedAt: instant,
        finishedAt: instant.optional(),
        /** What its last step gave. */
        output: Json.optional(),
        failure: Failure.optional(),
        /** The workflow that is the handler, and the execution once it is there. */
        child: z.strictObject({ workflowId: z.string(), executionId: z.string().optional() }).optional(),
      })
      .optional(),
  })
  .meta({ id: 'Aftermath' })
export type Aftermath = z.infer<typeof Aftermath>

/** One execution in a list. */
export const ExecutionSummary = z
  .strictObject({
    id: ExecutionId,
    workflowId: WorkflowId,
    workflowName: z.string(),
    versionId: VersionId,
    versionNumber: z.int(),
    status: ExecutionStatus,
    trigger: TriggerKind,
    eventId: EventId,
    generation: z.int(),
    acceptedAt: instant,
    finishedAt: instant.optional(),
    durationMs: z.number().optional(),
    wakeAt: instant.optional(),
    stepCount: z.int(),
    /** While it is queued: where it waits, and for what. */
    queue: QueuePlace.optional(),
    /** The contact that it is about, where its event (or the execution that called it) names one. */
    contactId: ContactId.optional(),
    failure: Failure.optional(),
  })
  .meta({ id: 'ExecutionSummary' })
export type ExecutionSummary = z.infer<typeof ExecutionSummary>

/** One execution whole: its steps in the order they began, and the graph it runs on. */
export const Execution = ExecutionSummary.extend({
  triggerData: Json,
  /** The step of another execution that called it. */
  parent: z.strictObject({ executionId: z.string(), path: z.string() }).optional(),
  /** The execution it is a fork of, from which of its steps, and what was edited. */
  origin: z
    .strictObject({
      executionId: z.string(),
      path: z.string(),
      effects: z.enum(['real', 'pretend']),
      by: z.string(),
      at: instant,
      edited: z.array(z.string()),
    })
    .optional(),
  /** Where it went on with another version. */
  migrations: z
    .array(z.strictObject({ at: instant, by: z.string(), fromNumber: z.int(), toNumber: z.int() }))
    .optional(),
  output: Json.optional(),
  /** Once it has failed: what is undone, and what its error handler made of it. */
  aftermath: Aftermath.optional(),
  /** While it is paused: the steps that begin when it goes on. */
  next: z.array(z.strictObject({ path: z.string(), nodeId: z.string() })).optional(),
  steps: z.array(Step),
  graph: Graph,
}).meta({ id: 'Execution' })
export type Execution = z.infer<typeof Execution>

/** `GET /executions`: executions that the caller sees, for which all filters hold, the newest first. */
export const ExecutionListQuery = z.strictObject({
  workflowId: WorkflowId.optional().describe('Only executions of this workflow.'),
  status: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(ExecutionStatus).min(1))
    .optional()
    .describe('One status or several, comma-separated.'),
  trigger: TriggerKind.optional().describe('Only what was started like this.'),
  eventId: EventId.optional().describe('Only what this event started.'),
  contactId: ContactId.optional().describe('Only executions about this contact.'),
  after: z.iso.datetime({ offset: true }).optional().describe('Only what was accepted after this instant.'),
  before: z.iso.datetime({ offset: true }).optional().describe('Only what was accepted before this instant.'),
  /** The last of the page before. */
  cursor: ExecutionCursor.optional(),
  limit: PageLimit,
})
export type ExecutionListQuery = z.infer<typeof ExecutionListQuery>

/** `POST /workflows/:id/execute`. `input` is the trigger's data: for a webhook its `{ body, headers, query, method }`. */
export const ExecuteRequest = z
  .strictObject({
    input: Json.optional().describe(
      'The trigger’s data: for a webhook `{ body, headers, query, method }`, for an event `{ data, … }`, for a start by hand anything.',
    ),
    trigger: z.string().optional().describe('The step to start at; the first trigger when left out.'),
    version: z
      .enum(['published', 'draft'])
      .default('published')
      .describe('`draft` executes what is on the canvas, `published` the live version.'),
    wait: z.boolean().default(false).describe('Wait up to 25 seconds for the end, and answer with the execution.'),
  })
  .meta({ id: 'ExecuteRequest' })
export type ExecuteRequest = z.infer<typeof ExecuteRequest>

/** What an accepted start answers: durable before anybody is told so. `execution` is given when the caller waited. */
export const StartedExecution = z
  .strictObject({
    executionId: ExecutionId,
    eventId: EventId,
    /** The same Idempotency-Key and input were sent before: this is the execution of that time. */
    duplicate: z.boolean(),
    execution: Execution.optional(),
  })
  .meta({ id: 'StartedExecution' })
export type StartedExecution = z.infer<typeof StartedExecution>

/** `POST /executions/{executionId}/cancel`. The reason is shown with the execution and in the audit. */
export const CancelRequest = z
  .strictObject({ reason: z.string().max(500).optional().describe('Why, shown with the execution and in the audit.') })
  .meta({ id: 'CancelRequest' })
export type CancelRequest = z.infer<typeof CancelRequest>
