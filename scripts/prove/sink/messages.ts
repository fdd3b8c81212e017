/**
 * Instants in the life of a call at which the sink can hold it, so that somebody can cut the power just then.
 *
 * - `arrived`: the call is here and does not count yet; held calls are thrown away
 * - `committed`: the call counts and has no answer
 * - `answered`: the answer is out; nothing is held
 */
export type Instant = 'arrived' | 'committed' | 'answered'

/** Which calls count: the `nth` from now, of those whose body has these values. */
export interface Watched {
  instant: Instant
  nth: number
  body?: Record<string, string>
}

/** How a target is down: it breaks the line, or answers with this status. */
export type Down = 'drop' | number

/**
 * To the sink: tell when such a call is at this instant, and hold it and those after it there; let go; be down for
 * everybody, or up again.
 */
export type ToSink = { kind: 'watch'; watched: Watched } | { kind: 'release' } | { kind: 'fall'; down: Down | null }

export type FromSink = { kind: 'listening'; port: number } | { kind: 'reached' }
