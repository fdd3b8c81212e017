import { describe, expect, test } from 'vitest'
import { maskInput } from '../../worker/usecases/executions/mask-input.ts'
import { unmask } from '../../worker/usecases/forks/unmask.ts'

const url = 'https://api.example/v1/send?x=1'
const recorded = { url, headers: { Authorization: 'Bearer secret', accept: 'text/plain' }, body: 1 }
const listed = { url, headers: [{ name: 'X-Api-Key', value: 'secret' }] }

describe('what a person edited of what they were shown', () => {
  test('gets back what was masked', () => {
    expect(unmask(maskInput(recorded), recorded)).toEqual(recorded)
    expect(unmask(maskInput(listed), listed)).toEqual(listed)
    expect(unmask({ ...recorded, headers: { Authorization: 'mine' } }, recorded)).toMatchObject({
      headers: { Authorization: 'mine' },
    })
  })

  test('never sends it to another origin, nor what was not there', () => {
    const masked = maskInput(recorded)
    for (const to of ['https://evil.example/', 'http://api.example/', 'https://api.example:8443/', '{{ url }}', null]) {
      expect(unmask({ ...(masked as object), url: to }, recorded), String(to)).toBeNull()
    }
    expect(unmask({ url, headers: { cookie: '***' } }, recorded)).toBeNull()
    expect(unmask({ url, headers: { cookie: '***' } }, undefined)).toBeNull()
    expect(unmask({ url, headers: { accept: '***' } }, undefined)).toEqual({ url, headers: { accept: '***' } })
  })
})
