const secretName = /key|token|secret|password|passwd|pwd|auth|sig|signature|credential|session|code|jwt/i

/**
 * An address fit for a log or an error: without user name, password and fragment, and with `***` for the value of each
 * query parameter whose name sounds like a secret or whose value looks like one.
 */
export function maskUrl(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) => {
    const shown = secretName.test(name) || value.length > 32 ? '***' : encodeURIComponent(value)
    return `${encodeURIComponent(name)}=${shown}`
  })
  const path = url.pathname.length > 512 ? `${url.pathname.slice(0, 512)}…` : url.pathname
  return `${url.protocol}//${url.host}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
}
