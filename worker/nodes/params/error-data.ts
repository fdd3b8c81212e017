import type { Failure } from '../../contract/failure.ts'
import type { JsonObject } from '../../contract/json.ts'

/** A failure as data for the nodes after it. */
export function errorData({ code, message, kind }: Failure): JsonObject {
  return { code, message, kind }
}
