import { fold } from '../../engine/fold.ts'
import type { Env } from '../../env.ts'
import { appError } from '../../lib/app-error.ts'
import { rowText } from '../../store/records.ts'
import type { ForkStart } from '../../usecases/ports.ts'
import { toRecord } from '../records/to-record.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { handOverRecord } from '../records/hand-over-record.ts'
import { isolateOf } from '../isolate.ts'
import { pinnedTo } from './pinned-to.ts'

/** Begins a fork from its journal, or keeps the record of one that was played to its end. Doing it twice is safe. */
export async function beginFork(
  env: Env,
  { organizationId, executionId, eventId, acceptedAt, versionId, contactId, entries, pretend }: ForkStart,
): Promise<void> {
  const version = await isolateOf(env).plans.find(organizationId, versionId)
  if (version === undefined) throw appError('version.not_found')
  const about = contactId === undefined ? {} : { contactId }
  const header = { ...pinnedTo(version), executionId, eventId, acceptedAt, ...about }
  if (!pretend) {
    await executionOf(env, organizationId, executionId).start(organizationId, JSON.stringify({ header, entries }))
    return
  }
  const record = rowText(toRecord(header, entries, fold(entries), null))
  await handOverRecord(env, { organizationId, executionId, record })
}
