import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withFunctionReference } from '../../scripts/docs/function-reference.ts'
import { root } from '../../scripts/paths.ts'
import { conditionOperators } from '../../worker/contract/facts/condition.ts'
import { expressionErrorCodes, functionCatalogue } from '../../worker/expressions/index.ts'

const read = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')

test('the function reference is what the catalogue says; `npm run docs` writes it', () => {
  const document = read('expressions.md')
  expect(withFunctionReference(document)).toBe(document)
  for (const { name } of functionCatalogue) expect(document).toContain(`${name}(`)
})

test('every code and every operator is documented', () => {
  for (const code of expressionErrorCodes) expect(read('expressions.md')).toContain(`\`${code}\``)
  for (const operator of conditionOperators) expect(read('conditions.md')).toContain(`\`${operator}\``)
})
