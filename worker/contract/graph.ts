import { z } from 'zod'
import { ConcurrencySettings, DebounceSettings, ThrottleSettings } from './concurrency.ts'
import { ConditionGroup } from './condition.ts'
import { EnrolmentSettings, Goal } from './enrolment.ts'
import { enrolmentLimits } from './facts/enrolment.ts'
import { graphLimits, noteColours, noteSizes } from './facts/graph.ts'
import { WorkflowId } from './id.ts'
import { Json, JsonObject } from './json.ts'
import { wholeText } from './whole-text.ts'

/** A node's key: short, readable and a JavaScript name, because expressions say `steps.<id>`. */
export const NodeId = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}$/, 'must start with a letter and hold at most 40 letters, digits or _')
  .refine((id) => id !== 'constructor' && id !== 'prototype', 'is a reserved word')
  .meta({
    id: 'NodeId',
    description: 'The id of a step within its workflow, as expressions say it: `steps.<id>`.',
    example: 'score',
  })
export type NodeId = z.infer<typeof NodeId>

/**
 * When a failed attempt is tried again. `maxRetries` counts retries, not calls: 3 means at most four calls.
 * Delay before retry n (from 1): fixed `d`; linear `d·n`; exponential `d·factorⁿ⁻¹`, never above `maxDelayMs`.
 * Jitter `additive` multiplies by 1 to 1.25 (never earlier than promised), `full` by 0 to 1.
 */
export const RetryPolicy = z
  .strictObject({
    maxRetries: z.int().min(0).max(10).optional(),
    backoff: z.enum(['fixed', 'linear', 'exponential']).optional(),
    delayMs: z.int().min(0).max(3_600_000).optional(),
    factor: z.number().min(1).max(10).optional(),
    maxDelayMs: z.int().min(0).max(3_600_000).optional(),
    jitter: z.enum(['none', 'additive', 'full']).optional(),
  })
  .meta({ id: 'RetryPolicy' })
export type RetryPolicy = z.infer<typeof RetryPolicy>

/** What happens when a step has failed for good. `branch` continues at the port `error`. */
export const OnError = z.enum(['stop', 'continue', 'branch']).meta({ id: 'OnError' })
export type OnError = z.infer<typeof OnError>

/**
 * How a step of this node is executed, whatever its type. What is absent is the workflow's or the organization's
 * default.
 */
export const NodeSettings = z
  .strictObject({
    onError: OnError.optional(),
    retry: RetryPolicy.optional(),
    /** Of one attempt. */
    timeoutMs: z.int().min(100).max(300_000).optional(),
    /** Of the step with all its retries. */
    stepTimeoutMs: z.int().min(100).max(3_600_000).optional(),
    /** What to do when the process died in mid-call and nobody knows whether the call happened. */
    onAmbiguous: z.enum(['retry', 'fail']).optional(),
    /** A disabled node is passed through: what came in goes out at its first port. */
    disabled: z.boolean().optional(),
    /** When these do not hold as the step is about to begin, it is passed through as if it were disabled. */
    executeIf: ConditionGroup.optional(),
    /**
     * Of a step that acts on the world: what it gave for this key is good for so long, in all executions of the version.
     * The key is a template; left out, it is the step's params.
     */
    cache: z
      .strictObject({
        key: z.string().max(4_096).optional(),
        ttlMs: z
          .int()
          .min(1_000)
          .max(30 * 86_400_000),
      })
      .optional(),
    /**
     * Whether it can be undone: what begins at its port `undo` is done when the execution fails after the step completed.
     */
    undo: z.boolean().optional(),
    /** Where it can be undone: also when a call of it was cut off, so that nobody knows whether it happened. */
    undoWhenUnknown: z.boolean().optional(),
    notes: z.string().max(4_000).optional(),
  })
  .meta({ id: 'NodeSettings' })
export type NodeSettings = z.infer<typeof NodeSettings>

/** A node on the canvas. `params` are checked by its type when the graph is validated. */
export const GraphNode = z
  .strictObject({
    id: NodeId,
    type: z.string().min(1).max(80),
    name: wholeText().min(1).max(graphLimits.nameLength),
    position: z.strictObject({ x: z.number(), y: z.number() }),
    params: JsonObject,
    settings: NodeSettings.optional(),
  })
  .meta({ id: 'GraphNode' })
export type GraphNode = z.infer<typeof GraphNode>

/** From one way out of a node to another node. */
export const GraphEdge = z
  .strictObject({
    id: z.string().min(1).max(120),
    source: NodeId,
    sourcePort: z.string().min(1).max(80),
    target: NodeId,
    targetPort: z.string().min(1).max(80).optional(),
  })
  .meta({ id: 'GraphEdge' })
export type GraphEdge = z.infer<typeof GraphEdge>

/** What somebody wrote on the canvas beside the steps: plain text. It lies behind them, and nothing that runs reads it. */
export const GraphNote = z
  .strictObject({
    id: z.string().regex(/^[a-zA-Z0-9_-]{1,40}$/, 'must hold 1 to 40 letters, digits, - or _'),
    text: z.string().max(graphLimits.noteLength),
    /** Its top left corner, as a node's. */
    position: z.strictObject({ x: z.number(), y: z.number() }),
    size: z.strictObject({
      width: z.number().min(noteSizes.leastWidth).max(noteSizes.most),
      height: z.number().min(noteSizes.leastHeight).max(noteSizes.most),
    }),
    colour: z.enum(noteColours),
  })
  .meta({ id: 'GraphNote', description: 'Text on the canvas, behind the steps. Nothing that runs reads it.' })
export type GraphNote = z.infer<typeof GraphNote>

/** The notes of a graph. None of their ids may be there twice: whoever changes a note names it by its id alone. */
const GraphNotes = z
  .array(GraphNote)
  .max(graphLimits.notes)
  .superRefine((notes, context) => {
    const seen = new Set<string>()
    for (const [index, { id }] of notes.entries()) {
      if (seen.has(id)) context.addIssue({ code: 'custom', path: [index, 'id'], message: 'is the id of another note' })
      seen.add(id)
    }
  })

/** What holds for a whole workflow. */
export const GraphSettings = z
  .strictObject({
    /** Default for nodes that do not say. `stop` in drawn graphs. */
    onError: OnError.optional(),
    retry: RetryPolicy.optional(),
    /** Budget of active time, waits not counted. */
    activeTimeoutMs: z.int().min(1_000).max(86_400_000).optional(),
    /** The workflow that is called once with the failure when an execution fails or runs out of time. */
    errorHandler: z.strictObject({ workflowId: WorkflowId }).optional(),
    /** Whether the steps of a cancelled execution are undone too, within a minute. */
    undoWhenCancelled: z.boolean().optional(),
    /** Who may enter, for events that name a contact. */
    enrolment: EnrolmentSettings.optional(),
    goals: z.array(Goal).max(enrolmentLimits.goals).optional(),
    /** The organization's limits per contact do not hold for it, and its executions do not count: receipts, passwords. */
    beyondContactLimits: z.boolean().optional(),
    /** How many of its executions go on at a time, which of several events counts, and how often it may start. */
    concurrency: ConcurrencySettings.optional(),
    debounce: DebounceSettings.optional(),
    throttle: ThrottleSettings.optional(),
  })
  .meta({ id: 'GraphSettings' })
export type GraphSettings = z.infer<typeof GraphSettings>

/**
 * A workflow as people draw it, format 1. This schema checks shape only; what a node type asks of its params, and
 * whether ports exist, is `validateGraph`'s to say, so that a half-finished draft can be saved.
 */
export const Graph = z
  .strictObject({
    version: z.literal(1),
    nodes: z.array(GraphNode).max(graphLimits.nodes),
    edges: z.array(GraphEdge).max(graphLimits.edges),
    variables: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]{0,39}$/), Json).optional(),
    settings: GraphSettings.optional(),
    notes: GraphNotes.optional(),
  })
  .meta({ id: 'Graph' })
export type Graph = z.infer<typeof Graph>
