import type { RequestParams } from './request.ts'
import { encodePairs } from './encode-body.ts'

/** The address with the query added to the one it may already have, before a fragment. */
export function withQuery(address: string, query: RequestParams['query']): string {
  const added = encodePairs(query).toString()
  if (added === '') return address
  const [beforeFragment = ''] = address.split('#', 1)
  const joint = !beforeFragment.includes('?') ? '?' : /[?&]$/.test(beforeFragment) ? '' : '&'
  return `${beforeFragment}${joint}${added}`
}
