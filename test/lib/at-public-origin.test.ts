import { expect, test } from 'vitest'
import { atPublicOrigin } from '../../worker/lib/at-public-origin.ts'

const request = new Request('http://10.0.0.7:8787/api/v2/me?a=//b', {
  method: 'POST',
  headers: { origin: 'https://leat.example.com' },
  body: 'x',
})

test('a request is as it came where no origin is set, or it came there', () => {
  expect(atPublicOrigin(request, undefined)).toBe(request)
  expect(atPublicOrigin(request, '')).toBe(request)
  expect(atPublicOrigin(request, 'http://10.0.0.7:8787')).toBe(request)
})

test('behind a proxy it is one to the address people use, with all it carries', async () => {
  const sent = atPublicOrigin(request.clone(), 'https://leat.example.com/')
  expect(sent.url).toBe('https://leat.example.com/api/v2/me?a=//b')
  expect([sent.method, sent.headers.get('origin'), await sent.text()]).toEqual([
    'POST',
    'https://leat.example.com',
    'x',
  ])
})

test.each(['leat.example.com', 'https://leat.example.com/app', 'ftp://leat.example.com', 'https://'])(
  'what is no scheme and host is refused: %s',
  (origin) => {
    expect(() => atPublicOrigin(request, origin)).toThrow(/LEAT_ORIGIN must be a scheme and a host/)
  },
)
