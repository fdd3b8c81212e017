// client-address
//
// Where a request comes from, for counting what strangers try. Only whatever stands in front of this installation knows,
// and says so in a header that it overwrites; everything else in a request is the caller's to choose.

import { countedAddress } from '../lib/counted-address.ts'
import type { ApiContext } from './env.ts'

/** The caller's address as it is counted; undefined where nothing in front of us says it. */
export function clientAddress(c: ApiContext): string | undefined {
  const { addressHeader } = c.var.backend
  return addressHeader === undefined ? undefined : countedAddress(c.req.header(addressHeader))
}
