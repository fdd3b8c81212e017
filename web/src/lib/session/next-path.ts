/**
 * Where to go after signing in. Only a path of this site: what stands in the address bar may have been put there by
 * somebody else, and `//elsewhere` or `/\elsewhere` would lead away.
 */
export function nextPath(wanted: string | null): string {
  if (wanted === null || !/^\/(?![/\\])/.test(wanted)) return '/'
  const base = 'https://leat.invalid'
  if (!URL.canParse(wanted, base)) return '/'
  const url = new URL(wanted, base)
  if (url.origin !== base || isDoor(url.pathname)) return '/'
  return url.pathname + url.search + url.hash
}

/** The sign-in page's address, with the way back to where somebody was. */
export function signInPath(from: { pathname: string; search: string }): string {
  if (from.pathname === '/' || isDoor(from.pathname)) return '/sign-in'
  return `/sign-in?${new URLSearchParams({ next: from.pathname + from.search }).toString()}`
}

function isDoor(pathname: string): boolean {
  return pathname === '/sign-in' || pathname === '/sign-up' || pathname === '/welcome'
}
