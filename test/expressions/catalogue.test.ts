import { describe, expect, test } from 'vitest'
import { catalogueScope, compileExpression, functionCatalogue } from '../../worker/expressions/index.ts'

describe('the function catalogue', () => {
  test.each(functionCatalogue.map((entry) => [entry.example, entry.result] as const))('%s', (example, result) => {
    expect(compileExpression(example).evaluate(catalogueScope)).toStrictEqual(result)
  })

  test('names each function and each method of a kind once, aliases included', () => {
    const names = functionCatalogue.flatMap(({ name, aliases, on }) =>
      [name, ...aliases].map((each) => `${on ?? ''}.${each}`),
    )
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })

  test('has at least 80 entries with a sentence each', () => {
    expect(functionCatalogue.length).toBeGreaterThan(80)
    for (const { name, description } of functionCatalogue) {
      expect(description, name).toMatch(/^[A-Z"-].*[.…]$|^-1, 0 or 1\.$/)
      expect(description.length, name).toBeLessThan(140)
    }
  })

  test('calls every alias like its function', () => {
    for (const { name, aliases, example, result, on } of functionCatalogue) {
      for (const alias of aliases) {
        const called = on === undefined ? `${name}(` : `.${name}(`
        const source = example.replace(called, on === undefined ? `${alias}(` : `.${alias}(`)
        expect(compileExpression(source).evaluate(catalogueScope), source).toStrictEqual(result)
      }
    }
  })
})
