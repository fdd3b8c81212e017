import { z } from 'zod'
import { Aftermath, ExecutionStatus, Step, StepStatus } from './execution.ts'
import { testLimits } from './facts/workflow-test.ts'
import { Failure } from './failure.ts'
import { Graph, NodeId } from './graph.ts'
import { VersionId, WorkflowId } from './id.ts'
import { Json, JsonObject } from './json.ts'

const instant = z.iso.datetime()

/** What a step gives in a test instead of what it would do. */
export const PretendStep = z
  .strictObject({
    /** Its output. Without it a step that acts gives its pinned output or its type's example; others give their own. */
    output: Json.optional(),
    /** The way out it takes; its first one when left out. */
    port: z.string().min(1).max(80).optional(),
    /** It fails with this. */
    failure: Failure.optional(),
    /** How many attempts fail before one succeeds; all of them when left out. */
    failTimes: z.int().min(1).max(20).optional(),
    /** How long each attempt takes on the test's clock. */
    durationMs: z
      .int()
      .min(0)
      .max(365 * 86_400_000)
      .optional(),
  })
  .meta({ id: 'PretendStep' })
export type PretendStep = z.infer<typeof PretendStep>

/** What a test is expected to show. Whatever is left out is not looked at. */
export const TestExpectations = z
  .strictObject({
    status: ExecutionStatus.optional(),
    /** Equal to it, the order of keys aside. */
    output: Json.optional(),
    /** Nodes in the order in which their steps began: these and no others. */
    path: z.array(NodeId).max(2_000).optional(),
    visits: z.array(NodeId).max(500).optional(),
    avoids: z.array(NodeId).max(500).optional(),
    /** By node, about its last step. `output` and `input`: everything in them is there, whatever else there is. */
    steps: z
      .record(
        NodeId,
        z.strictObject({
          status: StepStatus.optional(),
          port: z.string().max(80).optional(),
          times: z.int().min(0).optional(),
          attempts: z.int().min(1).optional(),
          output: Json.optional(),
          input: Json.optional(),
          /** Of its failure. */
          code: z.string().max(120).optional(),
        }),
      )
      .optional(),
    /** Expressions that must be true, over `trigger`, `steps`, `output` and `status`. */
    that: z.array(z.string().min(1).max(4_096)).max(100).optional(),
  })
  .meta({ id: 'TestExpectations' })
export type TestExpectations = z.infer<typeof TestExpectations>

/**
 * `POST /workflows/:id/test`. Runs the draft, a published `version` or the given `graph` with the real engine on a clock
 * of its own. Nothing that it does is stored, and nothing acts on the world but the steps named in `realSteps`.
 */
export const TestRequest = z
  .strictObject({
    input: Json.optional().describe('The trigger’s data, as for `execute`.'),
    contact: JsonObject.optional().describe(
      'What expressions read as `contact`; left out, the contact of the input, where that has one.',
    ),
    trigger: z.string().optional().describe('The step to start at; the first trigger when left out.'),
    version: VersionId.optional().describe('A published version to test in the place of the draft.'),
    graph: Graph.optional().describe('A graph to test in the place of the draft.'),
    steps: z.record(NodeId, PretendStep).optional().describe('What steps give, by the id of their node.'),
    realSteps: z.array(NodeId).max(500).default([]).describe('Nodes whose calls are really made.'),
    waitMs: z
      .int()
      .min(0)
      .max(testLimits.waitMs)
      .default(0)
      .describe(
        'Waits pass at once on the test’s clock. With a figure, each is really waited for, up to so many ms: for a real call that needs the one before it to have settled.',
      ),
    startAt: z.iso
      .datetime({ offset: true })
      .optional()
      .describe('What the test’s clock shows at the start; now when left out.'),
    events: z
      .array(
        z.strictObject({
          type: z.string().min(1).max(120),
          data: Json.optional(),
          afterMs: z
            .number()
            .min(0)
            .max(365 * 86_400_000)
            .default(0),
        }),
      )
      .max(100)
      .default([])
      .describe('Events that come while it runs: so long after its start on the test’s clock.'),
    stopAt: NodeId.optional().describe('The test ends when a step of this node has.'),
    expect: TestExpectations.optional().describe('What the test is expected to show; the answer says whether it did.'),
    journal: z.boolean().default(true).describe('Whether the journal is part of the answer.'),
  })
  .refine(({ version, graph }) => version === undefined || graph === undefined, {
    path: ['version'],
    message: 'cannot be given together with a graph',
  })
  .meta({ id: 'TestRequest' })
export type TestRequest = z.infer<typeof TestRequest>

/** A step of a test: as in an execution, and for steps that act, what they would have done or did. */
export const TestStep = Step.extend({
  effect: z
    .strictObject({
      kind: z.enum(['pretend', 'real']),
      /** What it does, in one line: `POST https://api.example.com/orders`. */
      does: z.string(),
      /** Where a pretended output came from: the request, or the example of the node's type. */
      from: z.enum(['request', 'example', 'nothing']).optional(),
    })
    .optional(),
}).meta({ id: 'TestStep' })
export type TestStep = z.infer<typeof TestStep>

/** One thing that was expected, and what there was. */
export const Check = z
  .strictObject({
    /** What it is about: `status`, `steps.send.port`. */
    about: z.string(),
    passed: z.boolean(),
    expected: Json,
    actual: Json,
  })
  .meta({ id: 'Check' })
export type Check = z.infer<typeof Check>

/** What a test showed. Times are those of the test's clock. */
export const TestResult = z
  .strictObject({
    workflowId: WorkflowId,
    workflowName: z.string(),
    /** 0 for a draft or a graph of the request. */
    versionNumber: z.int(),
    status: ExecutionStatus,
    triggerNodeId: z.string(),
    triggerData: Json,
    startedAt: instant,
    finishedAt: instant.optional(),
    /** On the test's clock, waits included. */
    durationMs: z.number().optional(),
    output: Json,
    failure: Failure.optional(),
    /** What the sender of a webhook would have been answered. */
    response: z.strictObject({ status: z.int(), headers: z.record(z.string(), z.string()), body: Json }).optional(),
    /** Once it has failed: what was undone, and what its error handler made of it. */
    aftermath: Aftermath.optional(),
    steps: z.array(TestStep),
    /** Nodes in the order in which their steps began. */
    path: z.array(z.string()),
    /** Calls: really made, and pretended. */
    calls: z.strictObject({ real: z.int(), pretend: z.int() }),
    /** Why it ended before the workflow did. */
    stopped: z.strictObject({ by: z.enum(['node', 'limit']), code: z.string(), message: z.string() }).optional(),
    /** Present when something was expected. */
    expectations: z.strictObject({ passed: z.boolean(), checks: z.array(Check) }).optional(),
    graph: Graph,
    /** Entries of the engine's journal, one a turn. */
    journal: z.array(JsonObject).optional(),
  })
  .meta({ id: 'TestResult' })
export type TestResult = z.infer<typeof TestResult>
