import type { Plan, PlanNode } from '../plan.ts'

/**
 * Whether two nodes lie in the same branches and iterations: from one to the other a token can be moved, because it
 * finds there what it would have found on its way.
 */
export function isBeside(plan: Plan, one: string, other: string): boolean {
  for (const node of plan.nodes.values()) {
    for (const port of innerPorts(node)) {
      const inside = reachable(plan, node.next.get(port) ?? [])
      if (inside.has(one) !== inside.has(other)) return false
    }
  }
  return true
}

/** The ways out of a node that lead into something of its own, from which no edge leads back. */
export function innerPorts({ behaviour }: PlanNode): readonly string[] {
  if (behaviour.kind === 'loop') return [behaviour.body]
  return behaviour.kind === 'parallel' ? behaviour.branches : []
}

/** All nodes to which these lead, themselves included. */
export function reachable(plan: Plan, starts: readonly string[]): Set<string> {
  const found = new Set(starts)
  for (const id of found)
    for (const targets of plan.nodes.get(id)?.next.values() ?? []) targets.forEach((to) => found.add(to))
  return found
}
