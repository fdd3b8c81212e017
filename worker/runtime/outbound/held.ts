import type { OutboundLimit } from '../../contract/outbound.ts'
import { HeldBackError } from '../../lib/step-errors.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { PaceRule } from '../../outbound/pace.ts'
import type { OutboundName } from '../names.ts'

/** Codes are API: never rename one. The step's time goes on: it fails with this where it cannot wait any longer. */
export function heldByBreaker(name: Omit<OutboundName, 'organizationId'>, why: string, until: number): HeldBackError {
  const { host } = name
  const last = why === '' ? '' : ` The last time ${why}.`
  const message = `Calls to ${host} are held back, because too many failed.${last}`
  return new HeldBackError('outbound.circuit_open', message, { until, free: false, holder: breakerHolder(name) })
}

/** How steps that a breaker holds back name it. */
export function breakerHolder({ connection = '-', host }: Omit<OutboundName, 'organizationId'>): string {
  return `breaker:${connection}:${host}`
}

/** Waiting for a turn is nobody's fault: the step's time stands still. */
export function heldByLimit(host: string, limit: OutboundLimit | null, until: number): HeldBackError {
  const pace = limit === null ? '' : ` takes ${limit.calls === 1 ? '1 call' : `${limit.calls} calls`} per ${limit.per}`
  const message = `It waits for its turn: ${host}${pace === '' ? ' has a limit' : pace}, as your organization’s rules say.`
  return new HeldBackError('outbound.rate_limited', message, { until, free: true })
}

/** A limit in figures. */
export function ruleOf(limit: OutboundLimit | null | undefined): PaceRule | null {
  return limit === null || limit === undefined
    ? null
    : { calls: limit.calls, perMs: msOf(limit.per), burst: limit.burst }
}

function msOf(per: OutboundLimit['per']): number {
  switch (per) {
    case 'second':
      return 1_000
    case 'minute':
      return 60_000
    case 'hour':
      return 3_600_000
    default:
      return unreachable(per)
  }
}
