/**
 * A caller's address from a proxy's header, in the form by which rate limits count; undefined when the header holds none. Of
 * a list the last entry counts: the nearest proxy has added it, and the caller may have made up those before. Of an IPv6
 * address the first half (/64) counts, which is what one line is given: its owner may choose the rest anew for every request.
 */
export function countedAddress(header: string | undefined): string | undefined {
  const last = header?.split(',').at(-1)?.trim() ?? ''
  // Some proxies add the port.
  const [, inBrackets] = /^\[([^\]]*)\](?::\d+)?$/.exec(last) ?? []
  const address = inBrackets ?? last.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  if (!address.includes(':')) return address === '' ? undefined : address
  const url = `http://[${address.replace(/%.*$/, '')}]/`
  if (!URL.canParse(url)) return address
  const groups = groupsOf(new URL(url).hostname.slice(1, -1))
  const isIPv4 = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff'
  return isIPv4 ? `${bytesOf(groups[6])}.${bytesOf(groups[7])}` : `${groups.slice(0, 4).join(':')}::/64`
}

/** The eight groups of an IPv6 address that is in its shortest form. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after]
}

function bytesOf(group = '0'): string {
  const value = Number.parseInt(group, 16)
  return `${value >> 8}.${value & 255}`
}
