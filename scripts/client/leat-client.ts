import type { Execution, ExecutionSummary } from '../../worker/contract/execution.ts'
import type { Graph } from '../../worker/contract/graph.ts'
import type { Json, JsonObject } from '../../worker/contract/json.ts'
import type { AcceptedEvent } from '../../worker/contract/trigger.ts'
import type { HookSecret, Workflow } from '../../worker/contract/workflow.ts'

/** A published, active workflow. */
export interface PublishedWorkflow {
  id: Workflow['id']
  /** Of its one webhook; empty when it has none. */
  hookPath: string
}

/** The API answered with an error. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly details: unknown

  constructor(status: number, { code, message, details }: { code: string; message: string; details?: unknown }) {
    super(`${status} ${code}: ${message}${details === undefined ? '' : ` ${JSON.stringify(details).slice(0, 2_000)}`}`)
    this.status = status
    this.code = code
    this.details = details
  }
}

export type LeatClient = ReturnType<typeof createLeatClient>

/**
 * The API as our own programs use it: benches, proofs and tests on a running server. `url` may be asked for anew per
 * call, because a server that was started again listens elsewhere. Calls throw `ApiError`, or what `fetch` throws.
 */
export function createLeatClient({ url, apiKey }: { url: string | (() => string); apiKey: string }) {
  const base = typeof url === 'string' ? () => url : url

  async function call<Data>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Data> {
    const response = await fetch(`${base()}/api/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = readAnswer<Data>(await response.text())
    if (answer?.success === true) return answer.data
    throw new ApiError(response.status, answer?.error ?? { code: 'no_envelope', message: response.statusText })
  }

  async function* pages(query: Record<string, string>): AsyncGenerator<ExecutionSummary[]> {
    let cursor: string | undefined
    do {
      const search = new URLSearchParams({ limit: '100', ...query, ...(cursor === undefined ? {} : { cursor }) })
      const page = await call<{ items: ExecutionSummary[]; nextCursor?: string }>(
        'GET',
        `/executions?${String(search)}`,
      )
      yield page.items
      cursor = page.nextCursor
    } while (cursor !== undefined)
  }

  return {
    call,

    /** Creates the workflow, gives its webhook a secret where one is named, and publishes it. */
    async publish(name: string, graph: Graph, secret?: string): Promise<PublishedWorkflow> {
      const { id, hooks } = await call<Workflow>('POST', '/workflows', { name, graph })
      const [hook] = hooks
      if (secret !== undefined && hook !== undefined) {
        await call<HookSecret>('PUT', `/workflows/${id}/hooks/${hook.nodeId}/secret`, { secret })
      }
      await call('POST', `/workflows/${id}/publish`, {})
      return { id, hookPath: hook?.path ?? (await call<Workflow>('GET', `/workflows/${id}`)).hooks[0]?.path ?? '' }
    },

    pause: (id: string) => call<Workflow>('POST', `/workflows/${id}/pause`),
    activate: (id: string) => call<Workflow>('POST', `/workflows/${id}/activate`),
    getWorkflow: (id: string) => call<Workflow>('GET', `/workflows/${id}`),
    getExecution: (id: string) => call<Execution>('GET', `/executions/${id}`),

    /** The newest executions that pass the filters, a hundred at most. */
    async listNewest(query: Record<string, string> = {}): Promise<ExecutionSummary[]> {
      for await (const page of pages(query)) return page
      return []
    },

    /** All executions that pass the filters, newest first. */
    async listAll(query: Record<string, string> = {}): Promise<ExecutionSummary[]> {
      const all: ExecutionSummary[] = []
      for await (const page of pages(query)) all.push(...page)
      return all
    },

    sendEvent: (event: { type: string; id?: string; data?: Json }) => call<AcceptedEvent>('POST', '/events', event),

    /** Posts JSON to a webhook. */
    post(hookPath: string, body: Json | JsonObject, headers: Record<string, string> = {}): Promise<Response> {
      return fetch(base() + hookPath, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    },
  }
}

type Answer<Data> =
  | { success: true; data: Data }
  | { success: false; error: { code: string; message: string; details?: unknown } }

function readAnswer<Data>(text: string): Answer<Data> | undefined {
  try {
    return JSON.parse(text) as Answer<Data>
  } catch {
    return undefined
  }
}
