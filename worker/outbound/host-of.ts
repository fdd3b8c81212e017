/**
 * The host a call goes to, as it is counted: its name in lower case, with the port where that is not the scheme's own.
 * Undefined for what is no address.
 */
export function hostOf(address: string): string | undefined {
  const host = URL.parse(address)?.host
  return host === '' ? undefined : host
}
