// target: the outside world, that writes down each call and what it made of it
//
// It fails a call as often as the model says, and chooses how: it says that it is busy, it does what it is asked and
// breaks the line, it does it and says that it is busy, or it says nothing for ever. Only the failure that ends a step is a
// plain one, because the workflow may look at it.

import type { ExecutionId, OrganizationId } from '../../worker/contract/id.ts'
import type { Json } from '../../worker/contract/json.ts'
import type { TellSent } from '../../worker/egress/index.ts'
import { RetryableError } from '../../worker/lib/step-errors.ts'
import { seededFraction } from '../../worker/lib/seeded-fraction.ts'
import type { EgressRequest, EgressResponse } from '../../worker/nodes/define.ts'
import { executionName } from '../../worker/runtime/names.ts'
import { answerTo, failuresOf } from '../engine/support/meaning.ts'
import type { Caller } from './platform/objects.ts'
import type { Timeline } from './platform/timeline.ts'

export interface LedgerLine {
  at: number
  /** The object of the execution that called, where it has one. */
  object: string
  key: string
  input: Json
  /** Whether it took effect. */
  committed: boolean
}

/** What the target can know about a step: how often it failed so far, and how often it may. */
export type Past = (object: string, key: string, node: string) => { failed: number; maxRetries: number }

const encoder = new TextEncoder()

/** The object of the execution that a key is of, whoever makes its calls. */
function objectOf(key: string): string {
  const [organizationId, executionId] = key.split('|') as [OrganizationId, ExecutionId]
  return executionName(organizationId, executionId)
}

type Behaviour = 'refuse' | 'busy' | 'drop' | 'busyAfterAll' | 'hang' | 'serve'

export class Target {
  readonly ledger: LedgerLine[] = []
  readonly behaved: Record<Behaviour, number> = { refuse: 0, busy: 0, drop: 0, busyAfterAll: 0, hang: 0, serve: 0 }
  readonly #timeline: Timeline
  readonly #past: Past

  constructor(timeline: Timeline, past: Past) {
    this.#timeline = timeline
    this.#past = past
  }

  /** The way out of a process. */
  egress(caller: Caller) {
    return (request: EgressRequest, _: AbortSignal, tell?: TellSent): Promise<EgressResponse> =>
      new Promise<EgressResponse>((resolve, reject) => {
        caller.outgoing(() => {
          tell?.('unknown')
          this.#timeline.schedule(null, 'call arrives', () => this.#serve(caller, request, { resolve, reject }))
        })
      }).then((response) => {
        tell?.('answered')
        return response
      })
  }

  #serve(
    { process }: Caller,
    request: EgressRequest,
    { resolve, reject }: { resolve(response: EgressResponse): void; reject(error: Error): void },
  ): void {
    const key = request.headers['idempotency-key'] ?? ''
    const object = objectOf(key)
    const input = JSON.parse(String(request.body)) as Json
    const behaviour = this.#choose(object, key, input)
    this.behaved[behaviour] += 1
    const committed = behaviour === 'serve' || behaviour === 'drop' || behaviour === 'busyAfterAll'
    this.ledger.push({ at: this.#timeline.now, object, key, input, committed })
    const answer = (tell: () => void) =>
      this.#timeline.schedule(process, 'target answers', tell, this.#timeline.random.int(1, 1_500))
    const respond = (status: number, body: Json) =>
      answer(() => resolve({ status, headers: {}, body: encoder.encode(JSON.stringify(body)), url: request.url }))
    switch (behaviour) {
      case 'hang':
        return
      case 'drop':
        answer(() => reject(new RetryableError('http.connection_lost', 'The connection broke.')))
        return
      case 'refuse':
        respond(422, null)
        return
      case 'busy':
      case 'busyAfterAll':
        respond(503, null)
        return
      case 'serve':
        respond(200, answerTo(input))
    }
  }

  #choose(object: string, key: string, input: Json): Behaviour {
    const wanted = failuresOf(input)
    if (wanted < 0) return 'refuse'
    const node = typeof input === 'object' && input !== null && 'by' in input ? String(input['by']) : ''
    const { failed, maxRetries } = this.#past(object, key, node)
    if (failed >= wanted) return 'serve'
    if (failed >= maxRetries) return 'busy'
    const roll = seededFraction(`behaviour|${key}|${failed}`)
    return roll < 0.5 ? 'busy' : roll < 0.7 ? 'drop' : roll < 0.85 ? 'busyAfterAll' : 'hang'
  }
}
