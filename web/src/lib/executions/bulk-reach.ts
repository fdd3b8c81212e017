import type { BulkAction } from '#contract/control.ts'
import { bulkAppliesTo } from '#contract/facts/control.ts'
import type { Page } from '#contract/error.ts'
import type { ExecutionStatus } from '#contract/execution.ts'
import { canRetry } from './has-ended.ts'

/** A filter that is set, as it is shown: `Status` and `Running`. */
export interface NamedFilter {
  label: string
  value: string
}

/**
 * With which of the chosen statuses an action can do something; where none is chosen, those that it is meant for. Who
 * chooses cancelled executions may retry them, though that is not meant by retrying all.
 */
export function statusesFor(action: BulkAction, chosen: readonly ExecutionStatus[] | undefined): ExecutionStatus[] {
  if (chosen === undefined) return bulkAppliesTo[action]
  return chosen.filter((status) => bulkAppliesTo[action].includes(status) || (action === 'retry' && canRetry(status)))
}

/** Which executions an action is meant for, in a sentence: `Status: Running. Workflow: Orders.` */
export function filterWords(filters: readonly NamedFilter[]): string {
  if (filters.length === 0) return 'No filter is set: it is meant for all executions of the organization.'
  return filters.map(({ label, value }) => `${label}: ${value}.`).join(' ')
}

/**
 * How many executions a list's filters leave, before an action asks which of them it applies to: exact where the page is
 * all of them, else said to be more.
 */
export function reachWords(page: Page<unknown>): string {
  const count = page.items.length
  if (page.nextCursor !== undefined) return `More than ${count} executions fit.`
  if (count === 0) return 'No execution fits.'
  return count === 1 ? 'One execution fits.' : `${count} executions fit.`
}
