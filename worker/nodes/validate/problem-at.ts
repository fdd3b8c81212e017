import type { Problem } from '../../contract/problem.ts'
import type { IndexedNode } from './graph-index.ts'

type Said = Pick<Problem, 'code' | 'message'> & Partial<Pick<Problem, 'severity' | 'position'>>

/** Says a problem at a place in a part of a node. */
export type SayAt = (indexed: IndexedNode, path: readonly (string | number)[], said: Said) => Problem

/** A problem at a place in a node's params. */
export const inParams: SayAt = (indexed, path, said) => at(indexed, ['params', ...path], said)

/** A problem at a place in a node's settings. */
export const inSettings: SayAt = (indexed, path, said) => at(indexed, ['settings', ...path], said)

function at({ node, index }: IndexedNode, path: readonly (string | number)[], said: Said): Problem {
  const place = ['nodes', index, ...path].join('.')
  // What is switched off cannot do harm: it may stay unfinished.
  const severity = node.settings?.disabled === true ? 'warning' : (said.severity ?? 'error')
  return { ...said, severity, path: place, nodeId: node.id }
}
