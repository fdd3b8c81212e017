import type { JsonObject } from '../../../worker/contract/json.ts'
import type { AcceptedEvent } from '../../../worker/contract/trigger.ts'
import type { Acknowledgement } from './evidence.ts'
import { eventType, type EventBody, type Program } from './programs.ts'

/** Where the server is now. */
export interface Address {
  url: string
  apiKey: string
  /** Paths of the programs' webhooks. */
  hookPaths: ReadonlyMap<string, string>
}

/** One event on its way. */
export interface Delivery {
  event: string
  body: EventBody
  /** The programs it is for: one with a webhook, or all that listen. */
  listeners: readonly Program[]
  /** Under which header a webhook's sender tells its id. */
  idHeader: string
}

/** Headers in which senders tell an event's id. */
export const idHeaders = ['webhook-id', 'idempotency-key', 'x-github-delivery', 'svix-id'] as const

/** A sender does not wait longer for its answer, in ms. */
const patienceMs = 40_000

/** Delivers once: an acknowledgement, or what was answered instead. Throws when the connection breaks. */
export async function deliverOnce(
  { event, body, listeners, idHeader }: Delivery,
  { url, apiKey, hookPaths }: Address,
): Promise<Acknowledgement | string> {
  const [program] = listeners
  const hookPath = program?.source === 'hook' ? hookPaths.get(program.name) : undefined
  const response =
    hookPath === undefined
      ? await post(
          `${url}/api/v2/events`,
          { type: eventType, id: event, data: { ...body } },
          { authorization: `Bearer ${apiKey}` },
        )
      : await post(url + hookPath, { ...body }, { [idHeader]: event })
  const text = await response.text()
  const at = Date.now()
  if (!response.ok) return `${response.status} ${codeIn(text)}`

  const executionId = response.headers.get('x-leat-execution-id')
  const answer = JSON.parse(text) as { data?: AcceptedEvent & { status?: string } }
  // A wait that took too long is answered with where it stands: an acknowledgement all the same.
  if (program?.answer !== undefined && response.status === 200) {
    const expected = program.answer(body.number)
    return { event, at, executionIds: executionId === null ? [] : [executionId], answer: { given: answer, expected } }
  }
  return { event, at, executionIds: answer.data?.executionIds ?? [] }
}

function post(url: string, body: JsonObject, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  })
}

function codeIn(text: string): string {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? ''
  } catch {
    return 'no JSON'
  }
}
