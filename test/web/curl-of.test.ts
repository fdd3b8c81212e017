import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { curlOf } from '#lib/executions/curl-of.ts'

/** What a shell makes of a command: its words. */
function words(command: string | undefined): string[] {
  const script = `printf '%s\\0' ${command?.replace(/^curl /, '') ?? ''}`
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1)
}

describe('the request of an HTTP step, as a command', () => {
  test('has method, address with its query, headers and a body of JSON', () => {
    const command = curlOf({
      method: 'POST',
      url: 'https://api.example.com/orders?a=1#top',
      query: { tag: ['x', 'y & z'], none: null },
      headers: { 'x-team': 'ops', gone: null },
      bodyType: 'json',
      json: { name: "O'Hara", note: 'two\nlines', cost: '$9 `x`' },
    })
    expect(words(command)).toEqual([
      '-X',
      'POST',
      'https://api.example.com/orders?a=1&tag=x&tag=y+%26+z#top',
      '-H',
      'x-team: ops',
      '-H',
      'content-type: application/json',
      '--data-raw',
      JSON.stringify({ name: "O'Hara", note: 'two\nlines', cost: '$9 `x`' }),
    ])
  })

  test('sends a form, a text, and JSON that is a text already as they were sent', () => {
    const url = 'https://a.example'
    const sent = (params: object) => words(curlOf({ method: 'PUT', url, ...params })).slice(-3)
    expect(sent({ bodyType: 'form', form: { a: 'b c', n: 1 } })).toEqual([
      'content-type: application/x-www-form-urlencoded',
      '--data-raw',
      'a=b+c&n=1',
    ])
    expect(sent({ bodyType: 'text', text: '@file', contentType: 'text/csv' })).toEqual([
      'content-type: text/csv',
      '--data-raw',
      '@file',
    ])
    expect(sent({ bodyType: 'json', json: '{"id": 12345678901234567890}' }).at(-1)).toBe('{"id": 12345678901234567890}')
    expect(sent({ bodyType: 'json', json: 1, headers: { 'Content-Type': 'a/b' } })).toEqual([
      'Content-Type: a/b',
      '--data-raw',
      '1',
    ])
  })

  test('asks for the head alone where that was asked for, and is nothing for other params', () => {
    expect(curlOf({ method: 'HEAD', url: 'https://a.example' })).toBe(`curl --head 'https://a.example'`)
    expect(curlOf({ url: 'https://a.example' })).toBe(`curl -X GET 'https://a.example'`)
    expect(curlOf({ workflow: 'wf_1' })).toBeUndefined()
    expect(curlOf(['https://a.example'])).toBeUndefined()
  })
})
