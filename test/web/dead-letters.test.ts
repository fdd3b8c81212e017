import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { Json } from '#contract/json.ts'
import { parsePayload } from '../../web/src/lib/executions/parse-payload.ts'

describe('an edited payload', () => {
  test('is the same one however it is laid out', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(6), (value, indent) => {
        // Through text once, as the API sends it: -0 is 0 there.
        const payload = JSON.parse(JSON.stringify(value)) as Json
        expect(parsePayload(JSON.stringify(payload, null, indent), payload)).toEqual({ kind: 'same' })
      }),
      { numRuns: 200 },
    )
  })

  test('that is another one is what is sent', () => {
    expect(parsePayload('{"order": 8}', { order: 7 })).toEqual({ kind: 'changed', data: { order: 8 } })
    expect(parsePayload('null', {})).toEqual({ kind: 'changed', data: null })
  })

  test('that is no JSON cannot be sent', () => {
    for (const text of ['', '{', '{order: 7}', 'undefined'])
      expect(parsePayload(text, {})).toMatchObject({ kind: 'invalid' })
  })
})
