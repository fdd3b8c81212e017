import { expect } from 'vitest'
import { Graph, type GraphNode } from '../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import type { Failure } from '../../worker/contract/failure.ts'
import { StepFailure, type Outcome, type Scope } from '../../worker/engine/behaviour.ts'
import { RetryableError, TerminalError } from '../../worker/lib/step-errors.ts'
import { compilePlan } from '../../worker/engine/compile-plan.ts'
import { compileNode } from '../../worker/nodes/compile-node.ts'
import { compiledNode } from '../../worker/nodes/compiled-node.ts'
import type { EgressRequest, EgressResponse } from '../../worker/nodes/define.ts'
import { findNodeType } from '../../worker/nodes/registry.ts'
import { validateGraph } from '../../worker/nodes/validate-graph.ts'
import { noContacts } from '../support/no-contacts.ts'
import { Play } from '../engine/support/play.ts'

export const now = Date.parse('2026-06-01T12:00:00Z')

export function scopeOf(
  parts: { body?: Json; steps?: JsonObject; vars?: JsonObject; organizationVars?: JsonObject; trigger?: Json } = {},
): Scope {
  const { body = null, steps = {}, vars = {} } = parts
  return {
    trigger: parts.trigger ?? { type: 'webhook', method: 'POST', headers: {}, query: {}, body },
    steps,
    vars,
    organization: { vars: parts.organizationVars ?? {} },
    execution: { id: 'exe_1', generation: 1, startedAt: '2026-06-01T12:00:00.000Z', mode: 'live' },
    workflow: { id: 'wf_1', name: 'Orders', version: 3 },
    now,
  }
}

export function nodeOf(type: string, params: JsonObject, more: Partial<GraphNode> = {}): GraphNode {
  return { id: 'node', type, name: 'Node', position: { x: 0, y: 0 }, params, ...more }
}

/** What a pure node gives. */
export function evaluate(type: string, params: JsonObject, scope: Scope = scopeOf()): Outcome {
  const behaviour = compileNode(nodeOf(type, params))
  if (behaviour.kind !== 'pure') throw new Error(`${type} is not pure`)
  return behaviour.evaluate(scope)
}

/** How long a waiting node waits, in ms. */
export function waitMs(params: JsonObject, scope: Scope = scopeOf()): number {
  const behaviour = compileNode(nodeOf('flow.wait', params))
  if (behaviour.kind !== 'wait') throw new Error('flow.wait does not wait')
  const until = behaviour.until(scope)
  if (typeof until === 'object') throw new Error('flow.wait does not wait')
  return until - scope.now
}

/** The params an acting node is performed with. */
export function resolve(type: string, params: JsonObject, scope: Scope = scopeOf()): JsonObject {
  const behaviour = compileNode(nodeOf(type, params))
  if (behaviour.kind !== 'effect') throw new Error(`${type} does not act`)
  return behaviour.resolve(scope)
}

export function failureOf(work: () => unknown): Failure {
  try {
    work()
  } catch (error) {
    if (error instanceof StepFailure) return error.failure
    throw error
  }
  throw new Error('nothing failed')
}

export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array
}

/** Resolves and performs `http.request`, and records what it sent. */
export async function request(
  params: JsonObject,
  { status = 200, headers = {}, body = '' }: Answer = {},
  scope = scopeOf(),
) {
  const definition = findNodeType('http.request')
  if (definition?.kind !== 'effect') throw new Error('http.request does not act')
  const sent: EgressRequest[] = []
  const outcome = await definition.perform({
    params: definition.params().parse(resolve('http.request', params, scope)),
    fetch(request): Promise<EgressResponse> {
      sent.push(request)
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      return Promise.resolve({ status, headers, body: bytes, url: request.url })
    },
    signal: new AbortController().signal,
    idempotencyKey: 'fx_key',
    contacts: noContacts,
  })
  return { outcome, sent: sent[0]! }
}

export async function requestError(params: JsonObject, answer: Answer): Promise<TerminalError | RetryableError> {
  try {
    await request(params, answer)
  } catch (error) {
    if (error instanceof TerminalError || error instanceof RetryableError) return error
    throw error
  }
  throw new Error('nothing failed')
}

/** An execution of a graph that has no errors, with the real node types. */
export function playOf(graph: Graph): Play {
  expect(validateGraph(graph).filter(({ severity }) => severity === 'error')).toEqual([])
  return new Play(
    compilePlan({ graph, workflow: { id: 'wf_1', name: 'Orders', version: 1 }, compileNode: compiledNode }),
  )
}

/**
 * A graph from lines: `a flow.if` makes a node, `a.true > b` an edge. A node without a type in front of its params gets
 * the defaults of its type.
 */
export function graphOf(
  nodes: Record<string, [type: string, params?: JsonObject, more?: Partial<GraphNode>]>,
  edges: string[],
): Graph {
  return Graph.parse({
    version: 1,
    nodes: Object.entries(nodes).map(([id, [type, params, more]]) => ({
      ...nodeOf(type, params ?? findNodeType(type)?.defaultParams ?? {}, { id, name: id }),
      ...more,
    })),
    edges: edges.map((line) => {
      const [from = '', target = ''] = line.split(' > ')
      const [source = '', sourcePort = 'out'] = from.split('.')
      return { id: line, source, sourcePort, target }
    }),
  })
}
