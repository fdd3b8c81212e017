import type { JsonObject } from '../../contract/json.ts'
import { tryParams } from '../params/parse-params.ts'
import { durationMs } from './wait-instant.ts'
import { waitParams } from './wait-params.ts'

/** How long a wait takes at least, in ms, whenever it begins, and the param that says so; undefined where only the moment says it. */
export function leastWait(given: JsonObject): { ms: number; param: string } | undefined {
  const tried = tryParams(waitParams(), given)
  if (!('params' in tried)) return undefined
  const { mode, duration, atLeast, count, amount } = tried.params
  if (mode === 'duration') return said('duration', durationMs(duration))
  if (mode === 'random') return said('atLeast', durationMs(atLeast))
  if (mode === 'businessHours' && count === 'hours') return said('amount', amount * 3_600_000)
  return undefined
}

function said(param: string, ms: number | null): { ms: number; param: string } | undefined {
  return ms === null ? undefined : { ms, param }
}
