import type { Workflow, WorkflowStatus, WorkflowSummary } from '#contract/workflow.ts'
import { toApiError } from '../api/api-error.ts'
import { activateWorkflow, archiveWorkflow, pauseWorkflow, restoreWorkflow } from '../api/workflows.ts'
import { notices } from '../ui/notices.svelte.ts'

// What can be done to a workflow from outside the builder. Each says what it did, and gives the workflow as it is now;
// undefined when it was refused, which has been said as well.

type Named = Pick<WorkflowSummary, 'id' | 'name'>
type Changed = (workflow: Workflow) => void

/** Lets its triggers start executions again. */
export function activate({ id, name }: Named, changed: Changed): Promise<void> {
  return act(() => activateWorkflow(id), changed, {
    done: `“${name}” is live`,
    detail: 'Events start executions from now on.',
    failed: `“${name}” was not activated`,
  })
}

/** Nothing starts any more; what runs goes on. */
export function pause({ id, name }: Named, changed: Changed): Promise<void> {
  return act(() => pauseWorkflow(id), changed, {
    done: `“${name}” is paused`,
    detail: 'New events start nothing. Executions that run go on to their end.',
    failed: `“${name}” was not paused`,
  })
}

/** Puts it away, and offers to take that back to how it was. */
export function archive({ id, name, status }: Named & { status: WorkflowStatus }, changed: Changed): Promise<void> {
  return act(() => archiveWorkflow(id), changed, {
    done: `“${name}” is archived`,
    failed: `“${name}” was not archived`,
    undo: () => restore({ id, name }, changed, status),
  })
}

/** Takes it out of the archive, and makes it live again if it `was` so. */
export function restore({ id, name }: Named, changed: Changed, was?: WorkflowStatus): Promise<void> {
  return act(
    async () => {
      const restored = await restoreWorkflow(id)
      return was === 'active' ? activateWorkflow(id) : restored
    },
    changed,
    { done: `“${name}” is back`, failed: `“${name}” was not restored` },
  )
}

async function act(
  ask: () => Promise<Workflow>,
  changed: Changed,
  words: { done: string; detail?: string; failed: string; undo?: () => Promise<void> },
): Promise<void> {
  try {
    changed(await ask())
    notices.show({
      tone: 'ok',
      title: words.done,
      ...(words.detail === undefined ? {} : { detail: words.detail }),
      ...(words.undo === undefined ? {} : { action: { label: 'Undo', run: words.undo } }),
    })
  } catch (thrown) {
    notices.show({ tone: 'failed', title: words.failed, detail: toApiError(thrown).message })
  }
}
