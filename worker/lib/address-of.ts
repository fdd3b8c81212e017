/** Where a request went on this host. */
export interface Address {
  path: string
  /** With its `?`; empty when there is none. */
  search: string
}

/**
 * Takes an address apart that a `Request` holds, which is normalized: a scheme, a host, a path that begins with a
 * slash. Parsing it as a URL once more would cost as much as starting an execution.
 */
export function addressOf(url: string): Address {
  const pathAt = url.indexOf('/', url.indexOf('//') + 2)
  const fragmentAt = url.indexOf('#', pathAt)
  const end = fragmentAt < 0 ? url.length : fragmentAt
  const searchAt = url.indexOf('?', pathAt)
  return searchAt < 0 || searchAt > end
    ? { path: url.slice(pathAt, end), search: '' }
    : { path: url.slice(pathAt, searchAt), search: searchAt + 1 === end ? '' : url.slice(searchAt, end) }
}
