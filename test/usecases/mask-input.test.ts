import { expect, test } from 'vitest'
import { maskInput } from '../../worker/usecases/executions/mask-input.ts'

test('L3: headers that speak for somebody are shown masked, as a map and as a list', () => {
  expect(maskInput({ url: 'https://api.test', headers: { Authorization: 'Bearer s3cret', accept: '*/*' } })).toEqual({
    url: 'https://api.test',
    headers: { Authorization: '***', accept: '*/*' },
  })
  expect(
    maskInput({
      headers: [
        { name: 'X-Api-Key', value: 's3cret' },
        { name: 'accept', value: '*/*' },
      ],
    }),
  ).toEqual({
    headers: [
      { name: 'X-Api-Key', value: '***' },
      { name: 'accept', value: '*/*' },
    ],
  })
})

test('input without headers is shown as it is', () => {
  expect(maskInput({ amount: 3 })).toEqual({ amount: 3 })
  expect(maskInput('text')).toBe('text')
})
