// address
//
// Which addresses the outside world may be reached at. Decided on the parsed URL alone, before anything is sent, and
// again for every redirect.
//
//   A1. Names of the public internet only: no IP literal in any spelling, no name that means "here".
//   A2. An entry of the operator's allow list opens exactly its host and port, and nothing beside it.
//   A3. A refusal names the host and the reason, never the query: it may hold a secret.

import { TerminalError } from '../lib/step-errors.ts'
import { maskUrl } from './mask-url.ts'

export interface AddressPolicy {
  /** `host:port` pairs that are open although the rules below refuse them. See `parseAllowList`. */
  allow: ReadonlySet<string>
  /** Hosts of this installation. They and everything below them are refused. */
  ownHosts: readonly string[]
}

const portsByScheme: Record<string, readonly number[]> = { 'https:': [443, 8443], 'http:': [80, 8080] }

/** Last parts of names that are never public. */
const privateSuffixes = [
  'localhost',
  'localdomain',
  'local',
  'lan',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'arpa',
  'onion',
  'test',
  'invalid',
  'example',
]

/** Names that reach a cloud's inside, the platform's control plane, or loopback through public DNS. */
const refusedHosts = [
  'metadata.goog',
  'metadata.azure.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'api.cloudflare.com',
  'r2.cloudflarestorage.com',
  'localtest.me',
  'lvh.me',
  'vcap.me',
  'lacolhost.com',
  'nip.io',
  'sslip.io',
  'xip.io',
]

/** The address, parsed. Throws `TerminalError` `egress.invalid_url` or `egress.refused_address`. */
export function checkAddress(address: string, policy: AddressPolicy): URL {
  const url = URL.parse(address)
  if (url === null)
    throw new TerminalError('egress.invalid_url', 'This is not an address: it must start with https://.')

  const ports = portsByScheme[url.protocol]
  if (ports === undefined)
    throw refused(url, `${url.protocol.slice(0, -1)} addresses cannot be called, only https and http`)
  if (url.username !== '' || url.password !== '') {
    throw refused(url, 'it holds a user name or password; send them as a header')
  }
  if (isAllowed(url, policy)) return url

  if (!ports.includes(portOf(url))) {
    throw refused(
      url,
      `port ${portOf(url)} is closed; open are ${ports.join(' and ')} for ${url.protocol.slice(0, -1)}`,
    )
  }
  const reason = refusedHost(hostOf(url), policy.ownHosts)
  if (reason !== null) throw refused(url, reason)
  return url
}

/** Whether the allow list names this host and port. */
export function isAllowed(url: URL, policy: AddressPolicy): boolean {
  return policy.allow.has(`${hostOf(url)}:${portOf(url)}`)
}

/** The operator's list (`LEAT_EGRESS_ALLOW`, comma-separated `host:port`). Throws when an entry is something else. */
export function parseAllowList(entries: readonly string[]): ReadonlySet<string> {
  return new Set(
    entries
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => {
        const url = URL.parse(`http://${entry}`)
        const hasPort = /:\d+$/.test(entry)
        if (url === null || !hasPort || url.pathname !== '/' || url.username !== '' || url.search !== '') {
          throw new Error(`"${entry}" is not host:port`)
        }
        return `${hostOf(url)}:${portOf(url)}`
      }),
  )
}

/** Why a host is refused, or null. `host` is as the URL parser gives it, without a final dot. */
function refusedHost(host: string, ownHosts: readonly string[]): string | null {
  // The URL parser has already turned every spelling of an IPv4 address (decimal, octal, hexadecimal, short,
  // full-width, percent-encoded) into four decimal parts. A name whose last part is a number is no public name either.
  if (host.startsWith('[') || /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(host))
    return 'IP addresses cannot be called, use a name'
  const labels = host.split('.')
  if (labels.length < 2) return 'a name without a dot is not on the internet'
  if (labels.some((label) => label === '' || label.length > 63) || host.length > 253) return 'this is not a host name'
  if (privateSuffixes.includes(labels.at(-1)!)) return `names under .${labels.at(-1)} are not on the internet`
  if (refusedHosts.some((name) => isUnder(host, name))) return 'this host is closed to workflows'
  if (ownHosts.some((own) => isUnder(host, zoneOf(own)))) return 'a workflow cannot call this installation'
  return null
}

/** An account's scripts share a zone under workers.dev, and a zone calls itself without passing the public door. */
function zoneOf(own: string): string {
  const host = own.toLowerCase().replace(/:\d+$/, '')
  return host.endsWith('.workers.dev') ? host.split('.').slice(-3).join('.') : host
}

function isUnder(host: string, name: string): boolean {
  return host === name || host.endsWith(`.${name}`)
}

function hostOf(url: URL): string {
  return url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' ? 443 : 80
}

function refused(url: URL, reason: string): TerminalError {
  return new TerminalError('egress.refused_address', `The address is refused: ${reason}.${howToOpen(url)}`, {
    details: { url: maskUrl(url), reason },
  })
}

/** What to do about an address of the machine itself, which is what people try first on their own. */
function howToOpen(url: URL): string {
  const host = hostOf(url)
  if (!/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host)) return ''
  return ` On a machine of your own, start Leat with LEAT_EGRESS_ALLOW=${host}:${portOf(url)} to open it.`
}
