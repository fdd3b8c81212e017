import { causeHeader } from '../contract/facts/cause.ts'
import { TerminalError } from '../lib/step-errors.ts'

/** Bounds of what is sent; services refuse more themselves, each in its own way. */
const maxHeaders = 100
const maxHeaderBytes = 32 * 1024
const maxReceivedBytes = 64 * 1024

/** Set by the platform or valid for one hop only: what a workflow says about them is dropped. */
const dropped = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'accept-encoding',
  'via',
  'forwarded',
  'cdn-loop',
  causeHeader,
  'x-real-ip',
  'true-client-ip',
])
const droppedPrefix = /^(?:cf-|x-forwarded-|sec-|proxy-)/

/**
 * Headers as they may leave: names in lower case, managed ones dropped. Throws `TerminalError` `egress.invalid_header`
 * for a name that is none, or a value with a line break: it would smuggle in a second header.
 */
export function cleanHeaders(headers: Record<string, string>): Headers {
  const clean = new Headers()
  let bytes = 0
  let count = 0
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)) {
      throw new TerminalError('egress.invalid_header', `"${printable(name)}" is not a header name.`)
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (/[\u0000-\u0008\u000a-\u001f\u007f]|[^\u0000-\u00ff]/.test(value)) {
      throw new TerminalError(
        'egress.invalid_header',
        `The header ${name} holds a line break or a character that headers cannot carry.`,
      )
    }
    const key = name.toLowerCase()
    if (dropped.has(key) || droppedPrefix.test(key)) continue
    bytes += name.length + value.length
    count++
    if (count > maxHeaders || bytes > maxHeaderBytes) {
      throw new TerminalError('egress.invalid_header', `At most ${maxHeaders} headers and ${maxHeaderBytes} bytes fit.`)
    }
    clean.append(key, value)
  }
  return clean
}

/** The headers of an answer by lower-case name. Throws `TerminalError` `egress.too_large` when they are a flood. */
export function receivedHeaders(headers: Headers): Record<string, string> {
  const received: Record<string, string> = {}
  let bytes = 0
  for (const [name, value] of headers) {
    bytes += name.length + value.length
    if (bytes > maxReceivedBytes) {
      throw new TerminalError(
        'egress.too_large',
        `The headers of the answer are larger than ${maxReceivedBytes} bytes.`,
      )
    }
    if (name !== '__proto__') received[name] = received[name] === undefined ? value : `${received[name]}, ${value}`
  }
  return received
}

function printable(text: string): string {
  return text.slice(0, 80).replaceAll(/[^\u0020-\u007e]/g, '?')
}
