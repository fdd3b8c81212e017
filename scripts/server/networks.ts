// networks
//
// The last door of the local server: the networks that the Worker is given, and nothing beside them.
//
// `worker/egress/` decides by name and address before it calls. What it cannot see is where a name leads: workerd resolves
// it later. So what it calls leaves through a network that refuses every address that is not public, and only the pairs the
// operator has opened go by another one. Both belong to workerd itself: no Worker stands between a call and its connection,
// which would cost as much as the call.

import { isIP } from 'node:net'
import type { V4WorkerOptions } from 'miniflare'

const tlsOptions = { trustBrowserCas: true }

/**
 * The networks as bindings of the Worker, by their names in `worker/env.ts`. `allow` holds `host:port` pairs; where it is
 * empty there is no way to an address that is not public, and where it names addresses only, it is the way to these alone.
 */
export function networkBindings(allow: readonly string[]) {
  const open = allow.map((pair) => (URL.parse(`http://${pair}`)?.hostname ?? pair).replaceAll(/[[\]]/g, ''))
  const blocks = open.map((host) => `${host}/${isIP(host) === 6 ? 128 : 32}`)
  // Where a name leads is not known before it is called.
  const reach = open.every((host) => isIP(host) > 0) ? blocks : ['public', 'private']
  return {
    PUBLIC_NETWORK: { network: { allow: ['public'], tlsOptions } },
    ...(open.length > 0 && { ALLOWED_NETWORK: { network: { allow: reach, tlsOptions } } }),
  }
}

/** Where everything goes that is called by nothing but `fetch`, or `connect`: nowhere. */
export const closedNetwork = {
  name: 'leat-closed',
  compatibilityDate: '2026-11-01',
  modules: true,
  script: `export default { fetch() { throw new Error('Only worker/egress/ calls the outside.') } }`,
} satisfies V4WorkerOptions
