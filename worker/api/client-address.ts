// client-address
//
// Where a request comes from, for counting what strangers try. Only whatever stands in front of this installation knows,
// and says so in a header that it overwrites; everything else in a request is the caller's to choose.

import { countedAddress } from '../lib/counted-address.ts'
import type { ApiContext } from './env.ts'

/** What Cloudflare sets, and takes from nobody. */
const cloudflares = 'cf-connecting-ip'

/** The header's name from `LEAT_ADDRESS_HEADER`; undefined when it is empty: then no address is known. */
export function readAddressHeader(setting: string | undefined): string | undefined {
  const name = setting?.trim() ?? cloudflares
  if (name !== '' && !/^[\w-]+$/.test(name)) {
    throw new Error(`LEAT_ADDRESS_HEADER must be the name of a header, such as x-real-ip, and not “${name}”.`)
  }
  return name === '' ? undefined : name.toLowerCase()
}

/** The caller's address as it is counted; undefined where nothing in front of us says it. */
export function clientAddress(c: ApiContext): string | undefined {
  const { addressHeader } = c.var.backend
  return addressHeader === undefined ? undefined : countedAddress(c.req.header(addressHeader))
}
