import { sameJson } from '#lib/graph/model/same-json.ts'
import type { SaveOutcome } from './draft.svelte.ts'
import type { Content } from './draft-buffer.ts'

/**
 * What became of a save that met another revision. `theirs` is what the server has, `known` what this save sent and, after
 * it, what earlier ones sent that had no answer, and what the server had before. A conflict with what is the same is none:
 * another tab did the same thing, a save of ours arrived though its answer did not, or what is drawn was not what changed.
 */
export function settleConflict(theirs: Content & { revision: number }, known: readonly Content[]): SaveOutcome {
  const { name, graph, revision } = theirs
  const same = known.findIndex((content) => content.name === name && sameJson(content.graph, graph))
  if (same === 0) return { kind: 'saved', revision }
  return same > 0 ? { kind: 'overtaken', theirs: { name, graph, revision } } : { kind: 'conflict' }
}
