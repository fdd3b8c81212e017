import type { VersionId } from '../../contract/id.ts'
import type { CompletedExecution } from '../../store/executions.ts'

/** A version as executions name it. 0 is the number of drafts that were frozen to be tried. */
export interface NumberedVersion {
  id: VersionId
  number: number
}

/** Executions of one version to learn from. */
export interface Examples {
  version: NumberedVersion
  isOwn: boolean
  ids: CompletedExecution['id'][]
}

/**
 * Those of the version itself. Where it has none: of the newest published version before it, or for a draft, of the newest
 * there is. Drafts that were tried teach nobody but themselves. `completed` is newest first.
 */
export function chooseExamples(completed: readonly CompletedExecution[], own: NumberedVersion): Examples {
  const of = (id: VersionId) => completed.filter(({ versionId }) => versionId === id).map((each) => each.id)
  const ids = of(own.id)
  if (ids.length > 0) return { version: own, isOwn: true, ids }
  const before = completed
    .filter(({ versionNumber }) => versionNumber > 0 && (own.number === 0 || versionNumber < own.number))
    .toSorted((a, b) => b.versionNumber - a.versionNumber)[0]
  if (before === undefined) return { version: own, isOwn: true, ids: [] }
  return {
    version: { id: before.versionId, number: before.versionNumber },
    isOwn: false,
    ids: of(before.versionId),
  }
}
