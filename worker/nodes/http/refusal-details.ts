import type { JsonObject } from '../../contract/json.ts'
import { isCredentialHeader } from '../../lib/credential-header.ts'
import { unkeepable } from '../../lib/unkeepable.ts'
import type { EgressResponse } from '../define.ts'
import { parseResponse } from './parse-response.ts'

/** The largest body that is kept whole, in bytes: what services say of an error is shorter. */
const wholeBytes = 4_096
/** How deep what is read of it may be nested: it lies deeper yet in what steps can read. */
const deepest = 32
/** How much is kept of a longer one, in bytes. */
const excerptBytes = 1_000
/** How much of an answer's headers is kept, in characters. */
const headerLength = 2_000

/**
 * What a failure keeps of an answer that was not wanted, for whoever decides by it: it lies in the journal once per attempt, so it
 * is small. A body that is kept whole is read as the step reads those that it wants; of a longer one, and of one that cannot be
 * read so, it is text, and `cut` says that there was more. Headers that speak for somebody are left out, and so are those for which
 * there is no room.
 */
export function refusalDetails(
  response: EgressResponse,
  parse: 'auto' | 'json' | 'text' | 'base64',
): JsonObject & { status: number } {
  const { status, body } = response
  const headers = keptHeaders(response.headers)
  if (body.byteLength <= wholeBytes) return { status, headers, body: readBody(response, parse) }
  return { status, headers, body: textOf(body.subarray(0, excerptBytes)), cut: true }
}

function readBody(response: EgressResponse, parse: 'auto' | 'json' | 'text' | 'base64') {
  try {
    const value = parseResponse(response, parse)
    if (unkeepable(value, deepest) === undefined) return value
  } catch {
    // That it says JSON and is none is not what is wrong with it.
  }
  return textOf(response.body)
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

function keptHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  let room = headerLength
  const kept = Object.entries(headers).filter(([name, value]) => {
    const length = name.length + value.length
    if (isCredentialHeader(name) || length > room) return false
    room -= length
    return true
  })
  return Object.fromEntries(kept)
}
