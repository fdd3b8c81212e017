import type { Approval } from '#contract/approval.ts'
import type { Page } from '#contract/error.ts'
import type { ExecutionSummary } from '#contract/execution.ts'
import type { WorkflowSummary } from '#contract/workflow.ts'

// What Home says. Pages of lists come in, sentences go out; a count is exact or says that it is not.

/** `12`, or `100+` when there are more than were read. */
export function countOf(page: Page<unknown>): string {
  return page.nextCursor === undefined ? String(page.items.length) : `${page.items.length}+`
}

/** One workflow whose executions failed, with the latest of them. */
export interface Trouble {
  workflowId: string
  workflowName: string
  count: number
  latest: ExecutionSummary
}

/** Failed executions by workflow, the one with the most first. `failed` is newest first. */
export function troubles(failed: readonly ExecutionSummary[]): Trouble[] {
  const byWorkflow = new Map<string, Trouble>()
  for (const execution of failed) {
    const known = byWorkflow.get(execution.workflowId)
    if (known === undefined) {
      const { workflowId, workflowName } = execution
      byWorkflow.set(workflowId, { workflowId, workflowName, count: 1, latest: execution })
    } else known.count += 1
  }
  return [...byWorkflow.values()].sort((a, b) => b.count - a.count)
}

/** How things are, in one sentence. */
export function headline(
  failed: Page<ExecutionSummary>,
  hasWorkflows: boolean,
): { tone: 'ok' | 'failed' | 'neutral'; text: string } {
  if (!hasWorkflows) return { tone: 'neutral', text: 'Nothing runs here yet' }
  if (failed.items.length === 0) return { tone: 'ok', text: 'Everything is all right' }
  const executions = failed.items.length === 1 && failed.nextCursor === undefined ? 'execution' : 'executions'
  return { tone: 'failed', text: `${countOf(failed)} ${executions} failed in the last 24 hours` }
}

/** The headline while the last reading failed: what was known before is not how things are. */
export const unknownHeadline = { tone: 'neutral', text: 'How things are is not known right now' } as const

/** How many of the workflows that were read are live; `3+` when there are more that were not read. */
export function liveCount(workflows: Page<WorkflowSummary>): string {
  const live = workflows.items.filter(({ status }) => status === 'active').length
  return workflows.nextCursor === undefined ? String(live) : `${live}+`
}

/** Something worth doing next. */
export interface NextStep {
  id: 'decide' | 'sample' | 'blank' | 'publish' | 'activate' | 'key'
  title: string
  detail: string
  href: string
}

/**
 * What can be done next, the most useful first, at most three. Each needs a permission the member has; `asked` are the
 * questions that wait for them.
 */
export function nextSteps(
  workflows: readonly WorkflowSummary[],
  can: { write: boolean; publish: boolean; keys: boolean },
  asked: Page<Approval>,
): NextStep[] {
  const steps: NextStep[] = []
  const mine = { ...asked, items: asked.items.filter(({ decidedByMe }) => !decidedByMe) }
  const [question] = mine.items
  if (question !== undefined) {
    const isOne = countOf(mine) === '1'
    steps.push({
      id: 'decide',
      title: isOne ? `Decide: ${question.content.title}` : `Decide ${countOf(mine)} questions`,
      detail: isOne ? `“${question.workflow.name}” waits for it.` : 'Workflows wait for your answers.',
      href: isOne ? `/approvals?id=${question.id}` : '/approvals',
    })
  }
  if (workflows.length === 0 && can.write) {
    steps.push(
      {
        id: 'sample',
        title: 'Start with the sample',
        detail: 'It runs at once and needs no account anywhere.',
        href: '/workflows?new=sample',
      },
      { id: 'blank', title: 'Draw a workflow', detail: 'From an empty canvas, step by step.', href: '/workflows?new' },
    )
  }
  for (const { id, name, status, hasUnpublishedChanges, nodeCount } of can.publish ? workflows : []) {
    if (nodeCount === 0) continue
    if (status === 'draft') {
      steps.push({
        id: 'publish',
        title: `Publish “${name}”`,
        detail: 'It is drawn, but starts nothing yet.',
        href: `/workflows/${id}`,
      })
    } else if (status === 'active' && hasUnpublishedChanges) {
      steps.push({
        id: 'publish',
        title: `Publish the changes of “${name}”`,
        detail: 'The draft differs from what is live.',
        href: `/workflows/${id}`,
      })
    } else if (status === 'paused') {
      steps.push({
        id: 'activate',
        title: `Look at “${name}”`,
        detail: 'It is paused: events start nothing.',
        href: `/workflows/${id}`,
      })
    }
  }
  if (can.keys) {
    steps.push({
      id: 'key',
      title: 'Connect another system',
      detail: 'Make an API key, so that it can start workflows.',
      href: '/settings/api-keys',
    })
  }
  return steps.slice(0, 3)
}
