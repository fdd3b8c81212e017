// contact-reads
//
// What a node's expressions read of the live contact, known once per version: hosts look at the contact for those plans
// only, and journals keep only what is read.

import type { GraphNode } from '../contract/graph.ts'
import type { ContactReads } from '../engine/contact-parts.ts'
import { rootReads } from './root-reads.ts'

const whole: ContactReads = [[]]

/** Paths of one or two keys, each once; an empty one is all of the contact. Undefined: nothing of it. */
export function contactReads(node: GraphNode): ContactReads | undefined {
  const reads = rootReads('contact', node).map((path) => path.slice(0, 2))
  if (waitsByContact(node)) reads.push(['timeZone'])
  if (reads.length === 0) return undefined
  if (reads.some((path) => path.length === 0)) return whole
  return [...new Map(reads.map((path) => [path.join(' '), path])).values()]
}

/** Whether a node waits by the clocks of the contact. */
function waitsByContact({ type, params }: GraphNode): boolean {
  return type === 'flow.wait' && (params['zone'] === 'contact' || params['hoursIn'] === 'contact')
}
