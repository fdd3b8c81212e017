import type { Json } from '../contract/json.ts'
import { StepFailure, type Behaviour } from '../engine/behaviour.ts'
import type { Failure } from '../contract/failure.ts'
import type { Plan, PlanNode } from '../engine/plan.ts'

/** What a node gives, whatever it would have given by itself. */
export interface Override {
  output?: Json | undefined
  /** The way out; the node's first when it is left out. */
  port?: string | undefined
  /** It fails instead, for good. */
  failure?: Failure | undefined
}

/**
 * The plan in which nodes that complete inside a turn give what was asked for. Calls are not touched: what they give is
 * their host's to say. A step that waits for an event, or for people, goes on at once with what it is given; other waits keep their instants, and steps with others inside keep those.
 */
export function overridePlan(plan: Plan, overrides: ReadonlyMap<string, Override>): Plan {
  const nodes = new Map(plan.nodes)
  for (const [id, override] of overrides) {
    const node = nodes.get(id)
    if (node === undefined || plan.triggers.includes(id)) continue
    const behaviour = overridden(node, override)
    if (behaviour !== node.behaviour) nodes.set(id, { ...node, behaviour })
  }
  return { ...plan, nodes }
}

function overridden({ behaviour, firstPort }: PlanNode, { output, port, failure }: Override): Behaviour {
  if (behaviour.kind === 'listen' || behaviour.kind === 'approval') {
    if (output === undefined && port === undefined) return behaviour
    const begin = () => ({ output: output ?? null, port: port ?? firstPort, because: 'given by the test' })
    return behaviour.kind === 'listen' ? { ...behaviour, begin } : { ...behaviour, begin }
  }
  if (behaviour.kind !== 'pure') return behaviour
  if (failure !== undefined) {
    const thrown = new StepFailure(failure)
    return {
      kind: 'pure',
      evaluate() {
        throw thrown
      },
    }
  }
  if (output === undefined && port === undefined) return behaviour
  return {
    kind: 'pure',
    evaluate(scope, path) {
      const because = 'given by the test'
      if (output !== undefined) return { output, port: port ?? firstPort, because }
      return { ...behaviour.evaluate(scope, path), port: port ?? firstPort, because }
    },
  }
}
