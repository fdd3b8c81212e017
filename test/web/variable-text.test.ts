import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SetVariableRequest, type VariableType } from '#contract/variable.ts'
import { variableLimits, variableTypes } from '#contract/facts/variable.ts'
import { nameProblem, readValue, toText } from '../../web/src/lib/variables/variable-text.ts'

const values = {
  string: fc.string(),
  number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  boolean: fc.boolean(),
  json: fc
    .jsonValue()
    .map((value) => JSON.stringify(value))
    .filter((text) => !text.includes('"__proto__":'))
    .map((text) => JSON.parse(text)),
} satisfies Record<VariableType, fc.Arbitrary<unknown>>

test.each(variableTypes)('a %s that is opened and saved is the same', (type) => {
  fc.assert(
    fc.property(values[type], (value) => {
      expect(readValue(type, toText({ type, value }))).toEqual({ value })
    }),
    { numRuns: 200 },
  )
})

test('what cannot be kept is told rather than left out', () => {
  for (const text of ['1e999', '{ "__proto__": 0 }', '[{ "a": { "__proto__": { "b": 1 } } }]']) {
    expect(readValue('json', text)).toEqual({ problem: 'It holds a number or a name that cannot be kept.' })
  }
})

test('whatever is typed, the server takes what the form lets through', () => {
  const typed = fc.oneof(fc.string(), fc.json(), fc.constantFrom('', ' ', '1', '0x10', '1e999', 'true', '"a"', 'NaN'))
  fc.assert(
    fc.property(fc.constantFrom(...variableTypes), typed, (type, text) => {
      const read = readValue(type, text)
      if ('problem' in read) expect(read.problem).not.toBe('')
      else expect(SetVariableRequest.safeParse({ type, value: read.value }).success).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a value that is too long is told before it is sent', () => {
  expect(readValue('string', 'a'.repeat(variableLimits.characters - 2))).toHaveProperty('value')
  expect(readValue('string', 'a'.repeat(variableLimits.characters - 1))).toEqual({
    problem: 'At most 16,384 characters.',
  })
})

test.each([
  ['', 'Give it a name.'],
  ['rate', 'There is one of this name already.'],
  ['2nd', 'Letters, digits and _, beginning with a letter.'],
  ['shop-url', 'Letters, digits and _, beginning with a letter.'],
  ['a'.repeat(61), 'Letters, digits and _, beginning with a letter.'],
  ['shopUrl', undefined],
])('of the name “%s” is said: %s', (name, said) => {
  expect(nameProblem(name, ['rate'])).toBe(said)
})
