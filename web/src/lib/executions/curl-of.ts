import type { Json } from '#contract/json.ts'
import { shellQuoted } from '#lib/ui/shell-quoted.ts'

/**
 * The request that an HTTP step made, as a command for a shell; undefined where the params are not those of one. The
 * idempotency key is left out: under it the other side would answer as it did then.
 */
export function curlOf(params: Json): string | undefined {
  if (!isObject(params) || typeof params['url'] !== 'string') return undefined
  const method = typeof params['method'] === 'string' ? params['method'] : 'GET'
  const headers = pairs(params['headers'])
  const body = bodyOf(params)
  const query = new URLSearchParams(pairs(params['query'])).toString()
  const isTyped = headers.some(([name]) => name.toLowerCase() === 'content-type')
  if (body !== undefined && !isTyped) headers.push(['content-type', body.type])
  return [
    `curl ${method === 'HEAD' ? '--head' : `-X ${method}`} ${shellQuoted(withQuery(params['url'], query))}`,
    ...headers.map(([name, value]) => `-H ${shellQuoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${shellQuoted(body.text)}`]),
  ].join(' \\\n  ')
}

type Fields = { [name: string]: Json }

function bodyOf({ bodyType, json, form, text, contentType }: Fields): { text: string; type: string } | undefined {
  if (bodyType === 'json') {
    const isText = typeof json === 'string' && /^\s*[[{]/.test(json)
    return { text: isText ? json : JSON.stringify(json ?? null), type: 'application/json' }
  }
  if (bodyType === 'form')
    return { text: new URLSearchParams(pairs(form)).toString(), type: 'application/x-www-form-urlencoded' }
  if (bodyType !== 'text') return undefined
  const type = typeof contentType === 'string' && contentType !== '' ? contentType : 'text/plain; charset=utf-8'
  return { text: typeof text === 'string' ? text : '', type }
}

/** Names with their values; a list repeats its name, null leaves the entry out. */
function pairs(entries: Json | undefined): [string, string][] {
  if (!isObject(entries)) return []
  return Object.entries(entries).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((each) => each !== null)
      .map((each): [string, string] => [name, typeof each === 'string' ? each : JSON.stringify(each)]),
  )
}

function withQuery(address: string, query: string): string {
  if (query === '') return address
  const [start = '', ...fragment] = address.split('#')
  const joined = `${start}${start.includes('?') ? '&' : '?'}${query}`
  return fragment.length === 0 ? joined : `${joined}#${fragment.join('#')}`
}

function isObject(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
