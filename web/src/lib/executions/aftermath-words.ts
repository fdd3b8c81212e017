import type { Aftermath, Execution, Step } from '#contract/execution.ts'
import { nodeIdOf } from '../graph/model/step-path.ts'
import type { StatusFace } from '../ui/status-face.ts'

export const undoFaces: Record<Aftermath['rollback'][number]['status'], StatusFace> = {
  running: { label: 'Being undone', tone: 'running' },
  undone: { label: 'Undone', tone: 'ok' },
  failed: { label: 'Not undone', tone: 'failed' },
}

export const handlerFaces: Record<NonNullable<Aftermath['handler']>['status'], StatusFace> = {
  running: { label: 'Running', tone: 'running' },
  completed: { label: 'Completed', tone: 'ok' },
  failed: { label: 'Failed', tone: 'failed' },
}

/** A step's name. An error handler that is another workflow is no node of the graph. */
export function nameOfStep({ graph }: Pick<Execution, 'graph'>, nodeId: string): string {
  if (nodeId === '$failure') return 'Error handler'
  return graph.nodes.find(({ id }) => id === nodeId)?.name ?? nodeId
}

/** What a step has to do with a failure, in a few words; undefined for what the workflow did by itself. */
export function partOf(
  execution: Pick<Execution, 'graph'>,
  { undoes, undone, inHandler }: Pick<Step, 'undoes' | 'undone' | 'inHandler'>,
): string | undefined {
  if (undoes !== undefined) return `undoes ${nameOfStep(execution, nodeIdOf(undoes))}`
  if (inHandler === true) return 'handles the failure'
  return undone === true ? 'undone' : undefined
}
