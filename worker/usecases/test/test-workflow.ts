import { contactAtStart } from '../../contacts/contact-at-start.ts'
import type { JsonObject } from '../../contract/json.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { TestRequest, TestResult, TestStep } from '../../contract/workflow-test.ts'
import { project } from '../../engine/projection.ts'
import type { JournalEntry } from '../../engine/event.ts'
import { invalidRequest } from '../../lib/invalid-request.ts'
import { newId } from '../../lib/id.ts'
import { toJson } from '../../lib/to-json.ts'
import { toHeard } from '../../simulate/bring-events.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { maskInput } from '../executions/mask-input.ts'
import { triggerData } from '../executions/trigger-data.ts'
import { actorsOf, whatItDoes, type KnownActor } from './actors.ts'
import { checkExpectations } from './check-expectations.ts'
import { startNode } from '../executions/start-node.ts'
import { chooseGraph, requireNodes, type ChosenGraph } from './choose-graph.ts'
import { playTest, type Played, type RealWorld } from './play-test.ts'

type Needs = Pick<
  Context,
  'scope' | 'workflows' | 'versions' | 'calendars' | 'defaults' | 'variables' | 'runtime' | 'recordDeed' | 'now'
>

/**
 * Tests a workflow: the real engine, a clock of its own, pretended calls. Nothing of it is stored; calls are really made
 * only for the steps that are named, and that they were is in the audit.
 *
 * Needs `workflow.execute` and `execution.read_payload`; to really call from a graph that nobody saved,
 * `workflow.write` too: it decides what is sent.
 */
export async function testWorkflow(context: Needs, id: WorkflowId, request: TestRequest): Promise<TestResult> {
  const { scope, runtime, recordDeed, now } = context
  requireCapability(scope, 'workflow.execute')
  requireCapability(scope, 'execution.read_payload')
  const real = new Set(request.realSteps)
  if (real.size > 0 && request.graph !== undefined) requireCapability(scope, 'workflow.write')

  const chosen = await chooseGraph(context, id, request)
  const { graph, plan } = chosen
  const actors = actorsOf(graph, plan)
  checkNames(chosen, request, actors)
  const trigger = startNode(graph, request.trigger)
  const startAt = request.startAt === undefined ? now().getTime() : Date.parse(request.startAt)
  const executionId = `tst_${newId('execution', now().getTime()).slice(4)}`
  if (real.size > 0) {
    await recordDeed({ action: 'workflow.tested', targetId: id, details: { executionId, realSteps: [...real] } })
  }

  const data = triggerData(trigger, request.input, new Date(startAt))
  const world: RealWorld = {
    perform: (invocation, cancelled) =>
      runtime.perform({
        organizationId: scope.organizationId,
        executionId,
        nodeType: actors.get(invocation.node)?.node.type ?? '',
        invocation,
        cancelled,
      }),
    clock: () => now().getTime(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }
  const played = await playTest(
    {
      plan,
      executionId,
      start: {
        trigger: {
          nodeId: trigger.id,
          kind: 'manual',
          data,
        },
        ...(chosen.organizationVars !== undefined && { organizationVars: chosen.organizationVars }),
      },
      startAt,
      actors,
      steps: request.steps ?? {},
      real,
      stopAt: request.stopAt,
      contact: request.contact ?? contactAtStart(data),
      events: request.events.map(({ type, data = {}, afterMs }, index) =>
        toHeard(type, startAt + afterMs, `event-${index + 1}`, data),
      ),
      waitMs: request.waitMs,
    },
    world,
  )
  return toTestResult(chosen, request, { played, actors, real, triggerNodeId: trigger.id })
}

function checkNames({ graph }: ChosenGraph, request: TestRequest, actors: ReadonlyMap<string, KnownActor>): void {
  const { steps = {}, realSteps, stopAt } = request
  requireNodes(graph, {
    ...Object.fromEntries(Object.keys(steps).map((node) => [`steps.${node}`, node])),
    ...Object.fromEntries(realSteps.map((node, index) => [`realSteps.${index}`, node])),
    ...(stopAt !== undefined && { stopAt }),
  })
  const problems = realSteps.flatMap((node, index) =>
    actors.get(node)?.calls === 'world'
      ? []
      : [{ path: `realSteps.${index}`, message: 'is a step that makes no calls of its own' }],
  )
  if (problems.length > 0) throw invalidRequest(problems)
}

interface Shown {
  played: Played
  actors: ReadonlyMap<string, KnownActor>
  real: ReadonlySet<string>
  triggerNodeId: string
}

function toTestResult(
  { stored, graph, versionNumber }: ChosenGraph,
  request: TestRequest,
  { played, actors, real, triggerNodeId }: Shown,
): TestResult {
  const { entries, calls, stopped } = played
  const view = project(entries)
  const steps = view.steps.map((step): TestStep => {
    const shown = step.input === undefined ? step : { ...step, input: maskInput(step.input) }
    const actor = actors.get(step.nodeId)
    // Passed through, or failed before there was anything to send.
    const wasCalled = step.input !== undefined || (actor?.calls === 'workflow' && step.status !== 'skipped')
    if (actor === undefined || !wasCalled) return shown
    return { ...shown, effect: effectOf(actor, shown, request, real) }
  })
  const path = steps.map(({ nodeId }) => nodeId)
  const { status, startedAt = '', finishedAt, durationMs, output, failure, response, aftermath } = view
  const triggerDataShown = view.trigger?.data ?? null
  const endedAt = entries.at(-1)?.at ?? 0
  const checks =
    request.expect === undefined
      ? undefined
      : checkExpectations(request.expect, { status, output, triggerData: triggerDataShown, steps, path, endedAt })
  return {
    workflowId: stored.summary.id,
    workflowName: stored.summary.name,
    versionNumber,
    status,
    triggerNodeId,
    triggerData: triggerDataShown,
    startedAt,
    ...(finishedAt !== undefined && { finishedAt }),
    ...(durationMs !== undefined && { durationMs }),
    output,
    ...(failure !== undefined && { failure }),
    ...(response !== undefined && { response }),
    ...(aftermath !== undefined && { aftermath }),
    steps,
    path,
    calls,
    ...(stopped !== undefined && { stopped }),
    ...(checks !== undefined && { expectations: { passed: checks.every(({ passed }) => passed), checks } }),
    graph,
    ...(request.journal && { journal: entries.map(toShownEntry) }),
  }
}

function effectOf(
  actor: KnownActor,
  step: TestStep,
  { steps = {} }: TestRequest,
  real: ReadonlySet<string>,
): NonNullable<TestStep['effect']> {
  const does = whatItDoes(actor, step.input ?? actor.node.params)
  if (real.has(step.nodeId)) return { kind: 'real', does }
  const told = Object.hasOwn(steps, step.nodeId) ? steps[step.nodeId] : undefined
  const isTold = told?.output !== undefined || told?.failure !== undefined
  return { kind: 'pretend', does, from: isTold ? 'request' : actor.hasExample ? 'example' : 'nothing' }
}

/** Params in the journal are for people's eyes here, as they are in steps. */
function toShownEntry(entry: JournalEntry): JsonObject {
  const events = entry.events.map((event) =>
    event.type === 'attemptStarted' && event.input !== undefined ? { ...event, input: maskInput(event.input) } : event,
  )
  return toJson({ ...entry, events }) as JsonObject
}
