import { contactAtStart } from '../../contacts/contact-at-start.ts'
import type { WorkflowId } from '../../contract/id.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { SimulateRequest, Simulation } from '../../contract/simulate.ts'
import type { Graph, GraphNode } from '../../contract/graph.ts'
import { appError } from '../../lib/app-error.ts'
import { base32Number } from '../../lib/base32.ts'
import { toJson } from '../../lib/to-json.ts'
import { findNodeType } from '../../nodes/registry.ts'
import { simulate, TooLarge, type Setup } from '../../simulate/simulate.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { hasErrors } from '../workflows/find-problems.ts'
import { actorsOf } from '../test/actors.ts'
import { startNode } from '../executions/start-node.ts'
import { chooseGraph, requireNodes } from '../test/choose-graph.ts'
import { triggerData } from '../executions/trigger-data.ts'
import { oneAtATime } from './one-at-a-time.ts'

type Needs = Pick<
  Context,
  'scope' | 'workflows' | 'versions' | 'calendars' | 'defaults' | 'variables' | 'nodes' | 'now'
>

const dayMs = 86_400_000

/**
 * Sends contacts through a workflow on a virtual clock and counts what becomes of them. Nothing is stored, nothing is
 * called. Throws `workflow.invalid`, `simulation.too_large` when it goes on for ever or holds too much, and
 * `simulation.busy` while another one of the organization is under way.
 */
export async function simulateWorkflow(context: Needs, id: WorkflowId, request: SimulateRequest): Promise<Simulation> {
  const { scope, nodes, now } = context
  requireCapability(scope, 'workflow.execute')
  const { graph, plan, organizationVars } = await chooseGraph(context, id, request)
  const problems = nodes.validate(graph)
  if (hasErrors(problems)) throw appError('workflow.invalid', { details: { problems: toJson(problems) } })
  requireNodes(graph, namesIn(request))
  const trigger = startNode(graph, request.trigger)
  const asStarted = JSON.stringify(graph.nodes).includes('contactAtStart')
  const startAt = request.startAt === undefined ? midnight(now()) : Date.parse(request.startAt)

  return oneAtATime(scope.organizationId, () =>
    play({
      plan,
      edges: graph.edges,
      trigger: {
        nodeId: trigger.id,
        kind: 'manual',
        dataOf: (contact, at, index) => {
          const id = contactId(startAt, index)
          const data = triggerData(trigger, inputOf(trigger, contact, id), new Date(at))
          return asStarted && trigger.type === 'trigger.event' ? withContact(data, sampleContact(contact, id)) : data
        },
      },
      // A webhook is about nobody we know.
      sampleOf: (contact, index) =>
        trigger.type === 'trigger.webhook' ? null : sampleContact(contact, contactId(startAt, index)),
      ...(organizationVars !== undefined && { organizationVars }),
      actors: actorsOf(graph, plan),
      messageNodes: messageNodesOf(graph, request),
      startAt,
      request,
    }),
  )
}

/** Plays it, and lets others in between. */
async function play(setup: Setup): Promise<Simulation> {
  const run = simulate(setup)
  try {
    for (;;) {
      const { done, value } = run.next()
      if (done === true) return value
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
  } catch (error) {
    if (!(error instanceof TooLarge)) throw error
    const { limit, most, contacts, reachedAt } = error.details
    const what =
      limit === 'steps'
        ? `It took more than ${most} steps: the workflow may go round for ever, or there are too many contacts.`
        : `Its executions hold more than ${Math.round(most / 1024 / 1024)} MB together. Take fewer contacts, or smaller data.`
    const message = `The simulation was stopped with ${contacts} contacts at ${reachedAt}. ${what}`
    throw appError('simulation.too_large', { message, details: error.details, cause: error })
  }
}

/** A contact as the trigger takes it from whoever starts it by hand. Events say which contact they are about. */
function inputOf({ type }: GraphNode, contact: Json, id: string): Json {
  if (type === 'trigger.webhook') return { body: contact }
  return type === 'trigger.event' ? { data: contact, contactId: id } : contact
}

/** A sample as the contact that it stands for. One that has a contact in it, as contacts' own events do, is about that. */
function sampleContact(sample: Json, id: string): Json {
  if (!isObject(sample)) return { id }
  const { contact } = sample
  return isObject(contact) ? { id, ...contact } : { id, ...sample }
}

function withContact(data: Json, contact: Json): Json {
  return isObject(data) && contactAtStart(data) === null ? { ...data, contact } : data
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same for the same contact of the same simulation, and nobody's. */
function contactId(startAt: number, index: number): string {
  return `con_${base32Number(startAt, 10)}${base32Number(index, 16)}`
}

function messageNodesOf(graph: Graph, { messageNodes }: SimulateRequest): ReadonlySet<string> {
  const sends = ({ type }: GraphNode) => {
    const definition = findNodeType(type)
    return definition?.kind === 'effect' && definition.family === 'message'
  }
  return new Set([...messageNodes, ...graph.nodes.filter(sends).map((node) => node.id)])
}

function namesIn({ nodes = {}, events, messageNodes }: SimulateRequest): Record<string, string> {
  return {
    ...Object.fromEntries(Object.keys(nodes).map((node) => [`nodes.${node}`, node])),
    ...Object.fromEntries(events.flatMap(({ after }, index) => (after ? [[`events.${index}.after`, after]] : []))),
    ...Object.fromEntries(messageNodes.map((node, index) => [`messageNodes.${index}`, node])),
  }
}

function midnight(now: Date): number {
  return Math.floor(now.getTime() / dayMs) * dayMs
}
