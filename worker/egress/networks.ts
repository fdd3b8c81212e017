import type { EgressOptions } from './create-egress.ts'

/** The networks that a server for one machine gives, as its bindings; others give none. */
export interface Networks {
  PUBLIC_NETWORK?: Fetcher
  ALLOWED_NETWORK?: Fetcher
}

/** By what an egress calls: by the networks that are given, else as the platform does. */
export function fetchesOf({
  PUBLIC_NETWORK: toPublic,
  ALLOWED_NETWORK: toAllowed,
}: Networks): Pick<EgressOptions, 'fetch' | 'fetchAllowed'> {
  return {
    ...(toPublic !== undefined && { fetch: (input, init) => toPublic.fetch(input, init) }),
    ...(toAllowed !== undefined && { fetchAllowed: (input, init) => toAllowed.fetch(input, init) }),
  }
}
