// answer-reader
//
// Just enough HTTP/1.1 to know that an answer is whole. A generator that parsed more would measure itself.

export interface Answer {
  status: number
  /** Status line and headers, as they came. */
  head: string
  body(): string
}

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = '0\r\n\r\n'

/** Reads the answers of one connection that has one request under way at a time. */
export function createAnswerReader() {
  let pending: Buffer | undefined

  return {
    /** The answer, once it is whole. Throws on what is no HTTP. */
    push(chunk: Buffer): Answer | undefined {
      const bytes = pending === undefined ? chunk : Buffer.concat([pending, chunk])
      const answer = readAnswer(bytes)
      pending = answer === undefined ? bytes : undefined
      return answer
    },
  }
}

function readAnswer(bytes: Buffer): Answer | undefined {
  const end = bytes.indexOf(headEnd)
  if (end < 0) return undefined
  const head = bytes.toString('latin1', 0, end)
  const start = end + headEnd.length
  const status = Number(head.slice(9, 12))
  if (!head.startsWith('HTTP/1.1 ') || !(status >= 200)) throw new Error('no HTTP')
  if (!isWhole(head, status, bytes, start)) return undefined
  return { status, head, body: () => bytes.subarray(start).toString() }
}

function isWhole(head: string, status: number, bytes: Buffer, start: number): boolean {
  if (status === 204 || status === 304) return true
  const length = headerOf(head, 'content-length')
  if (length !== undefined) return bytes.length - start >= Number(length)
  return (
    bytes.length - start >= lastChunk.length && bytes.toString('latin1', bytes.length - lastChunk.length) === lastChunk
  )
}

/** The value of a header, by its name in lower case. */
export function headerOf(head: string, name: string): string | undefined {
  const at = head.toLowerCase().indexOf(`\r\n${name}:`)
  if (at < 0) return undefined
  const from = at + name.length + 3
  const to = head.indexOf('\r\n', from)
  return head.slice(from, to < 0 ? undefined : to).trim()
}
