// outbound
//
// Through which executions call: a call is let through, or held back until an instant. In an isolate's memory, in front of
// the objects that keep what is known of each host (`outbound-object.ts`).
//
//   W1. A call to a host of which no trouble and no limit is known asks nobody: it costs two look-ups in a map.
//   W2. A failure is always reported, with how many calls were answered since the last report; what was answered is
//       reported by itself only while trouble is known here. So what one isolate sees is counted exactly, but for hosts at
//       which it saw no failure: their calls are missing from the share of calls that fail, which is then too large.
//   W3. What is known of an open breaker is good for a second. Another isolate finds out by its own next failure, or by a
//       step that calls again: a step that was held back or has failed asks first, wherever it wakes.
//   W4. When the object or the rules cannot be reached, calls are made as if nothing were known. Only where a limit is known
//       do they wait, because the organization has asked for that.

import type { OrganizationId } from '../../contract/id.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { RetryableError } from '../../lib/step-errors.ts'
import type { EgressRequest, EgressResponse } from '../../nodes/define.ts'
import type { CallResult, Settled } from '../../outbound/breaker.ts'
import { heldUntil } from '../../outbound/held-until.ts'
import { hostOf } from '../../outbound/host-of.ts'
import { ruleFor } from '../../outbound/rule-for.ts'
import type { CallAnswer, CallAsk, HostView } from '../../outbound/traffic.ts'
import type { Egress } from '../../egress/index.ts'
import type { HostRule } from '../../store/outbound.ts'
import { outboundName, type OutboundName } from '../names.ts'
import { heldByBreaker, heldByLimit, ruleOf } from './held.ts'
import { createRuleCache } from './rule-cache.ts'

/** Who calls. `by` is the idempotency key: the same over all attempts of a step. */
export interface OutboundCall {
  organizationId: OrganizationId
  connection?: string
  by: string
  /** The step has called before, or was held back. */
  isRepeated: boolean
  timeoutMs: number
}

export interface Outbound {
  /** Sends it, as `egress` does. Throws `HeldBackError` where it is not to be made now, and then nothing was sent. */
  send(
    call: OutboundCall,
    how: { request: EgressRequest; signal: AbortSignal; egress: Egress },
  ): Promise<EgressResponse>
}

export interface OutboundPorts {
  readRules(organizationId: OrganizationId): Promise<ReadonlyMap<string, HostRule>>
  ask(name: OutboundName, ask: CallAsk): Promise<{ answer: CallAnswer; view: HostView }>
  settle(name: OutboundName, settled: Omit<Settled, 'at'>): Promise<HostView>
  now?(): number
}

/** How long an open breaker is taken for open without asking, in ms. */
const viewMs = 1_000
/** A wait for a turn that is not longer than this is made where the call is: a turn of the journal costs more. */
const patienceMs = 2_000
/** How late a call may be reported after its time is over, in ms. */
const graceMs = 5_000
/** When a limit is known and the object that keeps it is not there, in ms. */
const unreachableMs = 5_000
/** Calls that were answered longer ago are not counted any more, in ms. */
const answeredMs = 60_000

interface Known {
  view: HostView
  at: number
  /** Calls that were answered and not reported, since an instant. */
  answered: number
  since: number
}

export function createOutbound(ports: OutboundPorts): Outbound {
  const now = ports.now ?? (() => Date.now())
  const rules = createRuleCache(ports.readRules, now)
  /** By host: also of healthy ones, for how much is answered there. */
  const hosts = new BoundedMap<string, Known>(2_000)

  function look(key: string, view: HostView): void {
    const known = hosts.get(key)
    const at = now()
    if (known === undefined) hosts.set(key, { view, at, answered: 0, since: at })
    else Object.assign(known, { view, at })
  }

  /** Whether the call may be made, and after how many ms. */
  async function admit(
    name: OutboundName,
    key: string,
    call: OutboundCall,
    rule: HostRule | undefined,
  ): Promise<number> {
    const view = hosts.get(key)?.view ?? quiet
    const breaks = rule?.breaker !== false
    const limit = ruleOf(rule?.limit)
    const { by, isRepeated, timeoutMs } = call
    const mayBeTroubled = breaks && (isRepeated || view.state === 'open' || view.state === 'half_open')
    if (!mayBeTroubled && limit === null) return 0
    if (breaks && view.state === 'open' && now() < view.until && now() < hosts.get(key)!.at + viewMs) {
      throw heldByBreaker(name, view.why, heldUntil({ by, from: view.openedAt, until: view.until }))
    }
    const ask: CallAsk = {
      by,
      breaks,
      rule: limit,
      leaseMs: timeoutMs + graceMs,
      patienceMs: Math.min(patienceMs, timeoutMs / 4),
    }
    const said = await ports.ask(name, ask).catch((error: unknown) => {
      console.error({ message: 'outbound not asked', host: name.host, error: String(error) })
      return undefined
    })
    if (said === undefined) {
      if (limit === null) return 0
      throw heldByLimit(name.host, rule?.limit ?? null, now() + unreachableMs)
    }
    look(key, said.view)
    const { answer } = said
    if (answer.kind === 'go') return answer.waitMs
    if (answer.because === 'pace') throw heldByLimit(name.host, rule?.limit ?? null, answer.until)
    const from = said.view.state === 'open' ? said.view.openedAt : now()
    throw heldByBreaker(name, answer.why ?? '', heldUntil({ by, from, until: answer.until }))
  }

  /** Counts what came of a call here, and says so where it matters. Never rejects. */
  async function settle(name: OutboundName, key: string, by: string, result: CallResult, why?: string): Promise<void> {
    const at = now()
    let known = hosts.get(key)
    if (known === undefined) hosts.set(key, (known = { view: quiet, at, answered: 0, since: at }))
    if (known.view.state === 'quiet' && result !== 'failed') {
      if (at >= known.since + answeredMs) Object.assign(known, { answered: 0, since: at })
      if (result === 'answered') known.answered += 1
      return
    }
    const before = at < known.since + answeredMs ? known.answered : Math.min(known.answered, 1)
    Object.assign(known, { answered: 0, since: at })
    try {
      look(key, await ports.settle(name, { by, result, before, ...(why !== undefined && { why }) }))
    } catch (error) {
      console.error({ message: 'outbound not told', host: name.host, error: String(error) })
    }
  }

  return {
    async send(call, { request, signal, egress }) {
      const host = hostOf(request.url)
      // What is no address is refused where addresses are.
      if (host === undefined) return egress(request, signal)
      const { organizationId, connection, by } = call
      const name: OutboundName = { organizationId, host, ...(connection !== undefined && { connection }) }
      const key = outboundName(name)
      const known = rules.find(organizationId)
      const rule = ruleFor(known instanceof Map ? known : await known, host)
      const waitMs = await admit(name, key, call, rule)
      const counts = rule?.breaker !== false
      try {
        if (waitMs > 0) await pause(waitMs, signal)
        const response = await egress(request, signal)
        if (counts) {
          const { status } = response
          if (status >= 500) await settle(name, key, by, 'failed', `it answered ${status}`)
          // It is there and says that it has enough: neither a failure nor a sign that all is well.
          else await settle(name, key, by, status === 429 ? 'neither' : 'answered')
        }
        return response
      } catch (error) {
        const why = whyOf(error)
        if (counts) await settle(name, key, by, why === undefined ? 'neither' : 'failed', why)
        throw error
      }
    },
  }
}

const quiet: HostView = { state: 'quiet' }

/** What a call failed with that counts, as the end of a sentence; undefined for what says nothing about the host. */
function whyOf(error: unknown): string | undefined {
  if (!(error instanceof RetryableError)) return undefined
  return whys[error.code]
}

const whys: Readonly<Record<string, string>> = {
  'egress.timeout': 'it did not answer in time',
  'egress.unreachable': 'it could not be reached',
  'egress.answer_broken': 'its answer broke off',
}

/** Waits, unless the call is no longer wanted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    const abort = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}
