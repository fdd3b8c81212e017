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
