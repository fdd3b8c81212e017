import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createAnswerReader, headerOf } from '../../scripts/bench/load/answer-reader.ts'

const answers = {
  'of a known length': 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Leat-Execution-Id: exe_1\r\n\r\npong',
  'in chunks': 'HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n4\r\npong\r\n0\r\n\r\n',
  'without a body': 'HTTP/1.1 204 No Content\r\n\r\n',
  'with an empty body': 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
}

for (const [name, text] of Object.entries(answers)) {
  test(`an answer ${name} is whole when its last byte came, however it was cut`, () => {
    const bytes = Buffer.from(text)
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 6 }), (cuts) => {
        const reader = createAnswerReader()
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const read = edges.slice(1).map((to, index) => reader.push(bytes.subarray(edges[index], to)))
        expect(read.slice(0, -1)).toEqual(read.slice(0, -1).map(() => undefined))
        expect(read.at(-1)?.status).toBe(Number(text.slice(9, 12)))
      }),
      { numRuns: 200 },
    )
  })
}

test('a header is found by its name, whatever its case, and only there', () => {
  const head = 'HTTP/1.1 200 OK\r\nX-Other: x-leat-execution-id: no\r\nX-Leat-Execution-Id:  exe_1 \r\nLast: end'
  expect(headerOf(head, 'x-leat-execution-id')).toBe('exe_1')
  expect(headerOf(head, 'last')).toBe('end')
  expect(headerOf(head, 'leat')).toBe(undefined)
})

test('what is no HTTP is not taken for an answer', () => {
  expect(() => createAnswerReader().push(Buffer.from('SSH-2.0-x\r\n\r\n'))).toThrow('no HTTP')
})
