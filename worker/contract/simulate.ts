import { z } from 'zod'
import { simulateLimits } from './facts/simulate.ts'
import { Failure } from './failure.ts'
import { Graph, NodeId } from './graph.ts'
import { VersionId } from './id.ts'
import { Json } from './json.ts'

const instant = z.iso.datetime()
/** A call is cut off at its timeout; a workflow that is called may take its time. */
const callMs = z
  .number()
  .min(0)
  .max(simulateLimits.days * 86_400_000)
const share = z.number().min(0).max(1)
const fieldName = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9_]{0,39}(\.[a-zA-Z][a-zA-Z0-9_]{0,39}){0,4}$/, 'must be names joined by dots')
const eventName = z.string().regex(/^[a-zA-Z][a-zA-Z0-9_.]{0,79}$/, 'must be a name such as mail.opened')

/** How a field of generated contacts is filled. */
export const ContactField = z
  .union([
    z.strictObject({ value: Json }),
    /** One of these, each as likely as its weight says. */
    z.strictObject({
      pick: z
        .array(z.strictObject({ value: Json, weight: z.number().min(0).max(1e6).default(1) }))
        .min(1)
        .max(100),
    }),
    /** A number from the first to the second, both included; whole unless `decimals` says how many. */
    z.strictObject({ between: z.tuple([z.number(), z.number()]), decimals: z.int().min(0).max(6).default(0) }),
    /** True so often. */
    z.strictObject({ chance: share }),
    /** A text in which `{n}` is the contact's number, from 1. */
    z.strictObject({ text: z.string().max(500) }),
    /** An instant between the two. */
    z.strictObject({ instant: z.tuple([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true })]) }),
  ])
  .meta({ id: 'ContactField' })
export type ContactField = z.infer<typeof ContactField>

/** When contacts come. */
export const Arrivals = z
  .discriminatedUnion('pattern', [
    z.strictObject({ pattern: z.literal('at_once') }),
    /** At even distances over so many days: all of the simulation's when left out. */
    z.strictObject({ pattern: z.literal('even'), days: z.number().positive().max(simulateLimits.days).optional() }),
    /** At random instants over so many days. */
    z.strictObject({ pattern: z.literal('random'), days: z.number().positive().max(simulateLimits.days).optional() }),
    /** Hours after the start, one for each contact; begun again from the first when there are fewer. */
    z.strictObject({
      pattern: z.literal('times'),
      hours: z
        .array(
          z
            .number()
            .min(0)
            .max(simulateLimits.days * 24),
        )
        .min(1)
        .max(simulateLimits.contacts),
    }),
  ])
  .meta({ id: 'Arrivals' })
export type Arrivals = z.infer<typeof Arrivals>

/**
 * One thing that a step may give. `share` is how often: of 1, together with the other outcomes of its node; what is left
 * is the step's example. Outcomes `when` an event has happened go before those that do not ask.
 */
export const NodeOutcome = z
  .strictObject({
    share: share.default(1),
    when: eventName.optional(),
    output: Json.optional(),
    port: z.string().min(1).max(80).optional(),
    failure: Failure.optional(),
  })
  .meta({ id: 'NodeOutcome' })
export type NodeOutcome = z.infer<typeof NodeOutcome>

/** How the steps of a node that acts turn out. */
export const NodeModel = z
  .strictObject({
    outcomes: z.array(NodeOutcome).max(20).optional(),
    /** How often an attempt fails; it is tried again as the node's settings say. */
    failureRate: share.optional(),
    /** With what; a failure that may pass when left out. */
    failure: Failure.optional(),
    /** How long an attempt takes: from, to. 300 ms when left out. */
    durationMs: z.tuple([callMs, callMs]).optional(),
  })
  .meta({ id: 'NodeModel' })
export type NodeModel = z.infer<typeof NodeModel>

/** Something that contacts do by themselves: so many of them, so long after a step of a node (or after they came). */
export const ContactEvent = z
  .strictObject({
    name: eventName,
    after: NodeId.optional(),
    probability: share,
    /** At an instant between the two. */
    withinHours: z
      .number()
      .positive()
      .max(simulateLimits.days * 24),
    fromHours: z
      .number()
      .min(0)
      .max(simulateLimits.days * 24)
      .default(0),
    /** What the event carries, for steps that wait for it. */
    data: Json.optional(),
  })
  .refine(({ fromHours, withinHours }) => fromHours <= withinHours, {
    path: ['fromHours'],
    message: 'must not be after withinHours',
  })
  .meta({ id: 'ContactEvent' })
export type ContactEvent = z.infer<typeof ContactEvent>

/** `POST /workflows/:id/simulate`. The same request gives the same answer, with `seed` and `startAt` as they are told. */
export const SimulateRequest = z
  .strictObject({
    version: VersionId.optional().describe('A published version to simulate in the place of the draft.'),
    graph: Graph.optional().describe('A graph to simulate in the place of the draft.'),
    trigger: z.string().optional().describe('The step at which contacts come; the first trigger when left out.'),
    contacts: z.int().min(1).max(simulateLimits.contacts).default(100).describe('How many contacts come.'),
    days: z.number().positive().max(simulateLimits.days).default(30).describe('How many days are simulated.'),
    samples: z
      .array(Json)
      .min(1)
      .max(simulateLimits.contacts)
      .optional()
      .describe('Samples that are taken in turn. They come as a webhook’s body, an event’s data or a start’s data.'),
    fields: z
      .record(fieldName, ContactField)
      .refine((fields) => Object.keys(fields).length <= simulateLimits.fields, `at most ${simulateLimits.fields}`)
      .optional()
      .describe(
        'Fields of generated contacts, laid over the sample where there are some too. `address.city` is a nested one.',
      ),
    arrivals: Arrivals.default({ pattern: 'at_once' }).describe('When the contacts come.'),
    nodes: z.record(NodeId, NodeModel).optional().describe('How steps that act turn out, by the id of their node.'),
    events: z.array(ContactEvent).max(50).default([]).describe('What contacts do by themselves.'),
    messageNodes: z
      .array(NodeId)
      .max(500)
      .default([])
      .describe('Nodes whose completed steps count as messages, besides those whose type sends some.'),
    startAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('What the clock shows at the start; the last midnight (UTC) when left out.'),
    seed: z
      .string()
      .min(1)
      .max(100)
      .default('1')
      .describe('What chance is drawn from: the same seed and `startAt` give the same answer.'),
  })
  .refine(({ version, graph }) => version === undefined || graph === undefined, {
    path: ['version'],
    message: 'cannot be given together with a graph',
  })
  .meta({ id: 'SimulateRequest' })
export type SimulateRequest = z.infer<typeof SimulateRequest>

/** How numbers lie. Absent where there are none. */
export const Distribution = z
  .strictObject({
    min: z.number(),
    median: z.number(),
    mean: z.number(),
    p95: z.number(),
    max: z.number(),
  })
  .meta({ id: 'Distribution' })
export type Distribution = z.infer<typeof Distribution>

/** What a simulation counted at one node. */
export const SimulatedNode = z
  .strictObject({
    nodeId: z.string(),
    /** Steps begun, and contacts that came by at all. */
    steps: z.int(),
    contacts: z.int(),
    completed: z.int(),
    /** Passed through: disabled, or its conditions did not hold. */
    skipped: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    /** Open when the simulation ended. */
    waiting: z.int(),
    /** Calls made, retries included. */
    attempts: z.int(),
    /** How often each way out was taken. */
    ports: z.record(z.string(), z.int()),
    firstAt: instant.optional(),
    lastAt: instant.optional(),
    /** From beginning to end of its steps, in ms. */
    durationMs: Distribution.optional(),
  })
  .meta({ id: 'SimulatedNode' })
export type SimulatedNode = z.infer<typeof SimulatedNode>

/**
 * `POST /workflows/{workflowId}/simulate`: what became of all contacts. The same seed, start and graph give the same.
 */
export const Simulation = z
  .strictObject({
    seed: z.string(),
    startAt: instant,
    endAt: instant,
    /** Those that came before the end. */
    contacts: z.int(),
    steps: z.int(),
    /** How executions ended, and how many had not. */
    outcomes: z.strictObject({
      completed: z.int(),
      completedWithErrors: z.int(),
      failed: z.int(),
      cancelled: z.int(),
      timedOut: z.int(),
      underWay: z.int(),
    }),
    nodes: z.array(SimulatedNode),
    /** How often each edge was passed, and by how many contacts. */
    edges: z.array(z.strictObject({ edgeId: z.string(), source: z.string(), count: z.int(), contacts: z.int() })),
    /** Failed attempts and steps by node and code, the most frequent first. */
    failures: z.array(
      z.strictObject({
        /** Absent when the execution as a whole failed. */
        nodeId: z.string().optional(),
        code: z.string(),
        message: z.string(),
        attempts: z.int(),
        /** Steps (or executions) that failed with it for good. */
        final: z.int(),
        contacts: z.int(),
      }),
    ),
    events: z.array(
      z.strictObject({ name: z.string(), count: z.int(), firstAt: instant.optional(), lastAt: instant.optional() }),
    ),
    perContact: z.strictObject({
      steps: Distribution.optional(),
      calls: Distribution.optional(),
      messages: Distribution.optional(),
    }),
    /** Of executions that ended, in ms. */
    durationMs: Distribution.optional(),
  })
  .meta({ id: 'Simulation' })
export type Simulation = z.infer<typeof Simulation>
