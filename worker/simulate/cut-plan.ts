import type { Plan, PlanNode } from '../engine/plan.ts'

/**
 * The plan in which nothing follows a node: it is executed, and what comes after it is not. What goes on inside it (the
 * branches of a parallel step, the iterations of a loop) stays.
 */
export function cutPlan(plan: Plan, nodeId: string): Plan {
  const node = plan.nodes.get(nodeId)
  if (node === undefined) return plan
  const inside = portsInside(node)
  const next = new Map([...node.next].filter(([port]) => inside.includes(port)))
  return { ...plan, nodes: new Map(plan.nodes).set(nodeId, { ...node, next }) }
}

function portsInside({ behaviour }: PlanNode): readonly string[] {
  if (behaviour.kind === 'parallel') return behaviour.branches
  return behaviour.kind === 'loop' ? [behaviour.body] : []
}
