// result-cache
//
// Outputs of steps, for other executions of the same version that would make the same call. They are kept in the platform's
// cache: nearby, for as long as the step says, and gone whenever the platform likes.
//
//   R1. The cache key holds the organization, the version and the node, so no organization finds the result of another, and
//       no step that of a different call.
//   R2. Nothing depends on the cache: where nothing is found, the call is made.

import type { Outcome } from '../../engine/behaviour.ts'
import { sha256Hex } from '../../lib/digest.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'

/** JSON text longer than this is not kept. */
const maxCharacters = 256 * 1024

export interface KnownResult {
  outcome: Outcome
  /** When it was given, in epoch ms. */
  at: number
}

type Place = { header: ExecutionHeader; node: string; key: string }

/** What is known; null when nothing is. Rejects when the cache cannot be asked. */
export async function findResult(place: Place): Promise<KnownResult | null> {
  const answer = await (await results()).match(addressOf(place))
  return answer === undefined ? null : answer.json<KnownResult>()
}

/** Keeps what a step gave. Too much of it is not kept. */
export async function keepResult(
  place: Place,
  { output, port }: Pick<Outcome, 'output' | 'port'>,
  { at, ttlMs }: { at: number; ttlMs: number },
): Promise<void> {
  const known: KnownResult = { outcome: { output, port }, at }
  const text = JSON.stringify(known)
  if (text.length > maxCharacters) return
  const headers = { 'content-type': 'application/json', 'cache-control': `max-age=${Math.ceil(ttlMs / 1_000)}` }
  await (await results()).put(addressOf(place), new Response(text, { headers }))
}

function results(): Promise<Cache> {
  return caches.open('results')
}

/** No such host is ever asked: the cache wants addresses for names. */
function addressOf({ header, node, key }: Place): string {
  const { organizationId, version } = header
  return `https://results.invalid/${organizationId}/${version.id}/${sha256Hex(node, ' ', key)}`
}
