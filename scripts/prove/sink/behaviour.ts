// behaviour
//
// How the sink answers a call is written in the call's address, so that a workflow chooses its own trouble:
//
//   /ok                  200 with JSON
//   /slow/250            the same, 250 ms later
//   /status/500          that status
//   /limited/2           429 with `Retry-After: 2`
//   /drop                the call counts, but the connection breaks instead of an answer
//   /garbage             200 that says it is JSON and is not
//   /deep/5000           200 with lists in lists, this many
//   /nonsense            the call counts, and what comes back is no HTTP
//   /half                200, and the connection breaks in the middle of the body
//   /stall               200, and the body stops in its middle
//   /hang                no answer, ever
//   /redirect?to=/ok     302 to there
//   /circle              302 to itself
//   /big/50000000        200 with so many bytes
//
// `?first=2` limits the trouble to the first two calls under one key; the calls after them are answered as by /ok.

export type Behaviour =
  | { kind: 'ok' }
  | { kind: 'slow'; ms: number }
  | { kind: 'status'; status: number }
  | { kind: 'limited'; retryAfter: string }
  | { kind: 'drop' }
  | { kind: 'garbage' }
  | { kind: 'deep'; levels: number }
  | { kind: 'nonsense' }
  | { kind: 'half' }
  | { kind: 'stall' }
  | { kind: 'hang' }
  | { kind: 'redirect'; to: string }
  | { kind: 'big'; bytes: number }
  | { kind: 'unknown' }

/** What a call's address asks for, given how many calls came before it under its key. Pure. */
export function behaviourOf(address: string, earlierCalls: number): Behaviour {
  const { pathname, searchParams } = new URL(address, 'http://sink')
  const first = searchParams.get('first')
  if (first !== null && earlierCalls >= Number(first)) return { kind: 'ok' }
  const [, name, argument = ''] = pathname.split('/')
  switch (name) {
    case 'ok':
    case 'drop':
    case 'garbage':
    case 'nonsense':
    case 'half':
    case 'stall':
    case 'hang':
      return { kind: name }
    case 'circle':
      return { kind: 'redirect', to: '/circle' }
    case 'slow':
      return { kind: 'slow', ms: Number(argument) }
    case 'status':
      return { kind: 'status', status: Number(argument) }
    case 'limited':
      return { kind: 'limited', retryAfter: argument }
    case 'redirect':
      return { kind: 'redirect', to: searchParams.get('to') ?? '/ok' }
    case 'deep':
      return { kind: 'deep', levels: Number(argument) }
    case 'big':
      return { kind: 'big', bytes: Number(argument) }
    default:
      return { kind: 'unknown' }
  }
}
