import { gateLimits, type workflowGates } from '../contract/facts/concurrency.ts'
import type { GraphSettings } from '../contract/graph.ts'
import { unreachable } from '../lib/unreachable.ts'

/** How a gate lets through, with nothing left open. Lengths of time in ms. */
export type GateSettings =
  | { gate: 'debounce'; forMs: number; maxWaitMs: number }
  | { gate: 'throttle'; limit: number; perMs: number; policy: 'delay' | 'drop'; maxWaiting: number }
  | { gate: 'concurrency'; limit: number; policy: 'queue' | 'drop' | 'replace'; maxWaiting: number }
  | SharedSettings

/** How a gate lets through that many workflows share. */
export type SharedSettings =
  /** Null is no limit. What was said later (`revision`, epoch ms) holds. */
  | { gate: 'organization'; limit: number | null; revision: number }
  /** Weights are those of organizations that do not count as one. */
  | { gate: 'installation'; limit: number; weights: Readonly<Record<string, number>> }

/** What a workflow says about one of its gates; undefined where it has none of that kind. */
export function settingsOf(
  graph: GraphSettings | undefined,
  gate: (typeof workflowGates)[number],
): GateSettings | undefined {
  const { debounce, throttle, concurrency } = graph ?? {}
  switch (gate) {
    case 'debounce':
      return debounce && { gate, forMs: debounce.forMs, maxWaitMs: debounce.maxWaitMs ?? gateLimits.mostMs }
    case 'throttle': {
      if (throttle === undefined) return undefined
      const { limit, perMs, policy = 'delay', maxWaiting = gateLimits.waiting } = throttle
      return { gate, limit, perMs, policy, maxWaiting }
    }
    case 'concurrency': {
      if (concurrency === undefined) return undefined
      const { limit = 1, policy = 'queue', maxWaiting = gateLimits.waiting } = concurrency
      return { gate, limit, policy, maxWaiting }
    }
    default:
      return unreachable(gate)
  }
}
