import { describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { formGroups } from '../../../web/src/lib/builder/inspector/form-fields.ts'
import { itemNames } from '../../../web/src/lib/builder/inspector/item-names.ts'

const fieldsOf = (type: string, params: JsonObject) => {
  const schema = describeNodeTypes().find((nodeType) => nodeType.type === type)?.params ?? {}
  return formGroups(schema, params).flatMap(({ fields }) => fields)
}

describe('fields that are read per item', () => {
  test('know which param gives the items, and what one is called', () => {
    const each = (params: JsonObject) =>
      fieldsOf('data.list', params).flatMap((field) => (field.each ? [[field.key, field.each]] : []))
    expect(each({ operation: 'map', make: 'expression' })).toEqual([
      ['expression', { of: 'source', names: ['item', 'index'] }],
    ])
    expect(each({ operation: 'reduce' })).toEqual([['combine', { of: 'source', names: ['result', 'item', 'index'] }]])
    expect(each({ operation: 'reverse' })).toEqual([])
  })

  test('have the first item of the sample data to try with', () => {
    expect(itemNames(['item', 'index'], [{ a: 1 }, { a: 2 }])).toEqual({ item: { a: 1 }, index: 0 })
    expect(itemNames(['item', 'index'], { a: 1 })).toEqual({ item: { key: 'a', value: 1 }, index: 0 })
    expect(itemNames(['value', 'key'], { a: 1, b: 2 })).toEqual({ key: 'a', value: 1 })
    expect(itemNames(['result', 'item', 'index'], [7])).toEqual({ item: 7, index: 0, result: 7 })
    for (const nothing of [undefined, null, [], {}, 'text', 7]) expect(itemNames(['item'], nothing)).toEqual({})
  })

  test('a row shows the fields that belong to what it says', () => {
    const rows = fieldsOf('data.validate', {}).find(({ key }) => key === 'fields')
    const shown = (row: JsonObject) => rows?.entries.filter((entry) => entry.isShown(row)).map(({ key }) => key)
    expect(shown({})).toEqual(['name', 'kind', 'isRequired', 'least', 'most', 'oneOf', 'pattern'])
    expect(shown({ kind: 'boolean' })).toEqual(['name', 'kind', 'isRequired'])
    expect(shown({ kind: 'list' })).toEqual(['name', 'kind', 'isRequired', 'least', 'most'])
  })

  test('what a step cannot do without is not called optional', () => {
    const required = (type: string, params: JsonObject) =>
      fieldsOf(type, params).flatMap(({ key, isRequired }) => (isRequired ? [key] : []))
    expect(required('data.math', { operation: 'add' })).toEqual(['source', 'right'])
    expect(required('data.math', { operation: 'round' })).toEqual(['source'])
  })
})
