// senders
//
// Those who send: providers that deliver an event until it is acknowledged, always under the same id, as providers do.
// Some give up at the first broken connection, some deliver what was acknowledged again, some deliver twice at once.

import { setTimeout as sleep } from 'node:timers/promises'
import type { JsonObject } from '../../../worker/contract/json.ts'
import type { AcceptedEvent } from '../../../worker/contract/trigger.ts'
import type { Acknowledgement, Refusal, SentEvent } from './evidence.ts'
import { eventType, targets, type EventBody, type Program } from './programs.ts'
import type { Random } from './random.ts'

/** Where the server is now. */
export interface Address {
  url: string
  apiKey: string
  /** Paths of the programs' webhooks. */
  hookPaths: ReadonlyMap<string, string>
}

interface Plan extends SentEvent {
  body: EventBody
  listeners: readonly Program[]
  idHeader: string
  /** Does not try again when the connection breaks. */
  givesUp: boolean
  /** Delivers again after the acknowledgement. */
  again: boolean
  /** Delivers twice at once. */
  twice: boolean
}

export interface Senders {
  sent: SentEvent[]
  acknowledged: Acknowledgement[]
  /** Events whose senders gave up. */
  givenUp: Set<string>
  refused: Refusal[]
  /** Answers that were neither an acknowledgement nor a broken connection, by status and code. */
  refusals: Record<string, number>
  /** So many more events may be sent, or one for each of these targets by a sender without quirks. */
  allow(events: number | readonly (readonly Program[])[]): void
  /** Whether all that was allowed is delivered. */
  isIdle(): boolean
  /** Where to send; undefined while the server is down. */
  point(address: Address | undefined): void
  /** Resolves at the `nth` acknowledgement from now. */
  reach(nth: number): Promise<void>
  /** No more events will be allowed. Resolves when all that were are delivered. */
  finish(): Promise<void>
}

const idHeaders = ['webhook-id', 'idempotency-key', 'x-github-delivery', 'svix-id']
const patienceMs = 40_000
/** A sender that was refused so often stops. */
const maxRefusals = 20

/** Starts so many senders at once. `onAcknowledged` is told of each acknowledgement, to write it down. */
export function startSenders(
  random: Random,
  count: number,
  onAcknowledged: (acknowledgement: Acknowledgement) => void,
): Senders {
  const sent: SentEvent[] = []
  const acknowledged: Acknowledgement[] = []
  const givenUp = new Set<string>()
  const refused: Refusal[] = []
  const refusals: Record<string, number> = {}
  /** What may be sent; undefined is anything. */
  const allowed: (readonly Program[] | undefined)[] = []
  let delivering = 0
  let isLast = false
  let address: Address | undefined
  let watch: { left: number; resolve: () => void } | undefined

  function nextPlan(target: readonly Program[] | undefined): Plan {
    const number = sent.length + 1
    const listeners = target ?? random.pick(targets)
    const hasQuirk = (probability: number) => target === undefined && random.chance(probability)
    const event = `event-${String(number).padStart(6, '0')}`
    const plan: Plan = {
      event,
      body: { event, number },
      starts: listeners.map(({ name, calls }) => ({ program: name, calls })),
      listeners,
      idHeader: random.pick(idHeaders),
      givesUp: hasQuirk(0.08),
      again: hasQuirk(0.12),
      twice: hasQuirk(0.06),
    }
    const { starts } = plan
    sent.push({ event, starts })
    return plan
  }

  async function deliver(plan: Plan): Promise<void> {
    let refusedTimes = 0
    for (;;) {
      const place = address
      if (place === undefined) {
        await sleep(20)
        continue
      }
      try {
        const acknowledgement = await deliverOnce(plan, place)
        if (typeof acknowledgement !== 'string') {
          acknowledged.push(acknowledgement)
          onAcknowledged(acknowledgement)
          if (watch !== undefined && --watch.left === 0) watch.resolve()
          return
        }
        refusals[acknowledgement] = (refusals[acknowledgement] ?? 0) + 1
        refusedTimes += 1
        if (refusedTimes === maxRefusals) return void refused.push({ event: plan.event, what: acknowledgement })
      } catch {
        if (plan.givesUp) return void givenUp.add(plan.event)
      }
      await sleep(random.int(30, 150))
    }
  }

  async function send(): Promise<void> {
    for (;;) {
      if (allowed.length === 0) {
        if (isLast) return
        await sleep(20)
        continue
      }
      const plan = nextPlan(allowed.shift())
      delivering += 1
      await Promise.all(plan.twice ? [deliver(plan), deliver(plan)] : [deliver(plan)])
      if (plan.again && !givenUp.has(plan.event)) await deliver({ ...plan, givesUp: false })
      delivering -= 1
    }
  }

  const working = Array.from({ length: count }, send)
  return {
    sent,
    acknowledged,
    givenUp,
    refused,
    refusals,
    allow(events) {
      allowed.push(...(typeof events === 'number' ? Array.from({ length: events }, () => undefined) : events))
    },
    isIdle: () => allowed.length + delivering === 0,
    point: (place) => void (address = place),
    reach: (nth) => new Promise((resolve) => (watch = { left: nth, resolve })),
    async finish() {
      isLast = true
      await Promise.all(working)
    },
  }
}

/** Delivers once: an acknowledgement, or what was answered instead. Throws when the connection breaks. */
async function deliverOnce(
  { event, body, listeners, idHeader }: Plan,
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
