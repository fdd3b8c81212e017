import type { Problem } from '../../contract/problem.ts'
import type { IndexedNode } from './graph-index.ts'

type Said = Pick<Problem, 'code' | 'message'> & Partial<Pick<Problem, 'severity' | 'position'>>

/** A problem at a place in a node's params. */
export function inParams({ node, index }: IndexedNode, path: readonly (string | number)[], said: Said): Problem {
  const place = ['nodes', index, 'params', ...path].join('.')
  // What is switched off can not do harm: it may stay unfinished.
  const severity = node.settings?.disabled === true ? 'warning' : (said.severity ?? 'error')
  return { ...said, severity, path: place, nodeId: node.id }
}
