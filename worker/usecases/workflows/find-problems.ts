import type { Graph } from '../../contract/graph.ts'
import { hookProblems } from '../../contract/hook-problems.ts'
import type { Problem } from '../../contract/problem.ts'
import type { StoredHook } from '../../store/hooks.ts'
import { organizationReads } from '../../nodes/organization-reads.ts'
import type { Context } from '../context.ts'

/**
 * Everything that is wrong with a graph, and with the webhooks in it: one that is to verify its senders needs their
 * secret first, so that an unverified event can never get in by omission.
 */
export async function findProblems(
  { nodes, variables }: Pick<Context, 'nodes' | 'variables'>,
  graph: Graph,
  hooks: readonly StoredHook[],
): Promise<Problem[]> {
  const reads = organizationReads(graph) !== null
  const organization = reads ? (await variables.list()).map(({ name }) => name) : []
  return [...nodes.validate(graph, organization), ...hookProblems(graph, hooks)]
}

/** Whether a graph with these problems may be published. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}
