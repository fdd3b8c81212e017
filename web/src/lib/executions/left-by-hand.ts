import type { Step } from '#contract/execution.ts'
import type { Graph } from '#contract/graph.ts'

/** That somebody skipped a step or had the execution go on elsewhere, in a sentence; undefined when nobody did. */
export function leftByHand(
  { status, because }: Pick<Step, 'status' | 'because'>,
  { nodes }: Graph,
): string | undefined {
  if (status !== 'skipped' || typeof because !== 'object' || because === null || Array.isArray(because))
    return undefined
  if (typeof because['skippedBy'] === 'string') return 'Somebody skipped it: what came in went on.'
  const { jumpedTo, by } = because
  if (typeof jumpedTo !== 'string' || typeof by !== 'string') return undefined
  return `Somebody had the execution go on at “${nodes.find(({ id }) => id === jumpedTo)?.name ?? jumpedTo}” instead.`
}
