// choose-examples
//
// Which executions teach how one of a version goes on.
//
//   accepted   ─┬──────────── 30 days ago ─┬───── 7 days ago ─┬── 1 day ago ─┬─ 1 hour ago ─┬─ now
//               └ asked of each window, the newest first, until one is good enough
//
//   X1. Only those that completed, as what they are: no forks, and none that was taken up again.
//   X2. Of the version itself; where none is found, of the newest published version before it, or for a draft, of the newest
//       there is. Drafts that were tried teach nobody but themselves.
//   X3. Of those that were accepted a moment ago the quick ones have completed and the slow ones have not. So a window is
//       good only when few of its executions still go on, and older windows are looked into otherwise.

import { isTerminal } from '../../contract/facts/execution.ts'
import type { ExecutionId, VersionId } from '../../contract/id.ts'
import type { AcceptedExecution } from '../../store/executions.ts'

/** A version as executions name it. 0 is the number of drafts that were frozen to be tried. */
export interface NumberedVersion {
  id: VersionId
  number: number
}

/** Executions of one version to learn from, newest first. */
export interface Examples {
  version: NumberedVersion
  isOwn: boolean
  ids: ExecutionId[]
  /** Enough of them, and few that were accepted with them still go on. */
  isGood: boolean
}

/** So many are enough not to look further back. */
const enough = 5
/** The largest part of a window that may still go on. */
const mostOpen = 0.1
/** Larger ones are not read. */
const maxSteps = 2_000

/** What a window of executions, newest first, has to teach about a version. */
export function chooseExamples(window: readonly AcceptedExecution[], own: NumberedVersion): Examples {
  const completed = window.filter(isExample)
  const before = completed
    .filter(({ versionNumber }) => versionNumber > 0 && (own.number === 0 || versionNumber < own.number))
    .toSorted((a, b) => b.versionNumber - a.versionNumber)[0]
  const isOwn = before === undefined || completed.some(({ versionId }) => versionId === own.id)
  const version = isOwn ? own : { id: before.versionId, number: before.versionNumber }
  const ids = completed.filter(({ versionId }) => versionId === version.id).map(({ id }) => id)
  const all = window.filter(({ versionId }) => versionId === version.id)
  const open = all.filter(({ status }) => !isTerminal(status))
  return { version, isOwn, ids, isGood: ids.length >= enough && open.length <= all.length * mostOpen }
}

/** The better of two windows, the older of which is given last. */
export function betterExamples(newer: Examples, older: Examples): Examples {
  if (older.ids.length === 0) return newer
  if (newer.ids.length === 0) return older
  if (newer.isOwn !== older.isOwn) return newer.isOwn ? newer : older
  if (!newer.isOwn && newer.version.number !== older.version.number) {
    return newer.version.number > older.version.number ? newer : older
  }
  if (newer.isGood !== older.isGood) return newer.isGood ? newer : older
  return newer.ids.length >= Math.min(enough, older.ids.length) ? newer : older
}

function isExample({ status, triggerKind, generation, stepCount }: AcceptedExecution): boolean {
  const isWhole = generation === 1 && triggerKind !== 'fork' && triggerKind !== 'pretend_fork'
  return isWhole && (status === 'completed' || status === 'completed_with_errors') && stepCount <= maxSteps
}
