import type { Json } from '../../contract/json.ts'
import type { StoredDeadLetter } from '../../store/dead-letters.ts'

/** What a letter from an inbox carried: of an event the trigger's data, of a record all of it. */
export function payloadOf({ summary, payload }: StoredDeadLetter & { from: 'inbox' }): Json {
  const parsed = JSON.parse(payload) as Json
  if (summary.kind !== 'event' || typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return parsed
  return parsed['data'] ?? null
}
