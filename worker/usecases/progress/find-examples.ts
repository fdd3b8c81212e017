import type { WorkflowId } from '../../contract/id.ts'
import type { ExecutionStore } from '../../store/executions.ts'
import { betterExamples, chooseExamples, type Examples, type NumberedVersion } from './choose-examples.ts'

const hour = 3_600_000
const day = 24 * hour
/** How far back the windows lie, in ms. */
const ages = [0, hour, day, 7 * day, 30 * day, 90 * day]
/** How many executions a window has. */
const width = 500

/** Executions of a workflow to learn from about a version, at `now` in epoch ms. */
export async function findExamples(
  store: Pick<ExecutionStore, 'listAccepted'>,
  workflowId: WorkflowId,
  own: NumberedVersion,
  now: number,
): Promise<Examples> {
  let best: Examples = { version: own, isOwn: true, ids: [], isGood: false }
  for (const age of ages) {
    // Whatever the clocks say: in the newest window everything is.
    const before = age === 0 ? now + day : now - age
    const window = await store.listAccepted(workflowId, { before, limit: width })
    best = betterExamples(best, chooseExamples(window, own))
    if ((best.isOwn && best.isGood) || window.length < width) break
  }
  return best
}
