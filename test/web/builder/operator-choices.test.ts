import { expect, test } from 'vitest'
import { conditionOperators } from '#contract/facts/condition.ts'
import { operatorChoices, sameAs } from '../../../web/src/lib/builder/inspector/controls/operator-choices.ts'

test('every operator is on offer, or one that means the same is', () => {
  const offered = operatorChoices('equals').map(({ value }) => value)
  expect(new Set([...offered, ...Object.keys(sameAs)])).toEqual(new Set(conditionOperators))
  expect(offered).toEqual([...new Set(offered)])
  expect(Object.values(sameAs).filter((operator) => !offered.includes(operator))).toEqual([])
})

test('the one that is in use is always among them, once', () => {
  for (const operator of conditionOperators) {
    expect(operatorChoices(operator).filter(({ value }) => value === operator)).toHaveLength(1)
  }
})
