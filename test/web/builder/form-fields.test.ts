import { describe, expect, test } from 'vitest'
import type { JsonObject } from '#contract/json.ts'
import { describeNodeTypes } from '../../../worker/nodes/describe-node-types.ts'
import { controlNames } from '../../../web/src/lib/builder/inspector/control-names.ts'
import { formGroups } from '../../../web/src/lib/builder/inspector/form-fields.ts'

const keys = (type: string, params: JsonObject) => {
  const schema = describeNodeTypes().find((nodeType) => nodeType.type === type)?.params ?? {}
  return formGroups(schema, params).map((group) => [group.title, ...group.fields.map((field) => field.key)])
}

describe('a form', () => {
  test('shows the fields of the mode the node is in, in groups', () => {
    expect(keys('flow.wait', {})).toEqual([[undefined, 'mode', 'duration']])
    expect(keys('flow.wait', { mode: 'until' })).toEqual([[undefined, 'mode', 'until', 'whenPast', 'zone', 'timeZone']])
    expect(keys('http.request', { bodyType: 'text' })).toEqual([
      [undefined, 'method', 'url', 'query', 'headers'],
      ['Body', 'bodyType', 'text', 'contentType'],
      ['Answer', 'expected', 'parse', 'maxResponseKb', 'maxRedirects'],
    ])
  })

  test('knows what each field takes', () => {
    const schema = describeNodeTypes().find(({ type }) => type === 'http.request')?.params ?? {}
    const fields = new Map(formGroups(schema, {}).flatMap(({ fields }) => fields.map((field) => [field.key, field])))
    expect(fields.get('url')).toMatchObject({
      title: 'Address',
      control: 'text',
      isRequired: true,
      takesExpressions: true,
    })
    expect(fields.get('maxRedirects')).toMatchObject({
      control: 'number',
      min: 0,
      max: 5,
      isWhole: true,
      default: 5,
      isRequired: false,
    })
    expect(fields.get('bodyType')?.choices).toContainEqual({ value: 'json', label: 'JSON' })
  })

  test('knows which objects take lists as their values', () => {
    const schema = describeNodeTypes().find(({ type }) => type === 'http.request')?.params ?? {}
    const fields = formGroups(schema, { bodyType: 'form' }).flatMap((group) => group.fields)
    const takeLists = fields.filter(({ valuesTakeLists }) => valuesTakeLists).map(({ key }) => key)
    expect(takeLists).toEqual(['query', 'form'])
  })

  test('knows the fields of each entry of a list', () => {
    const schema = describeNodeTypes().find(({ type }) => type === 'flow.switch')?.params ?? {}
    const cases = formGroups(schema, {})
      .flatMap(({ fields }) => fields)
      .find(({ key }) => key === 'cases')
    expect(cases?.entries.map(({ key, control }) => [key, control])).toEqual([
      ['port', 'text'],
      ['label', 'text'],
      ['equals', 'json'],
      ['conditions', 'conditions'],
    ])
  })

  test('makes do with a schema that says nothing about forms', () => {
    const schema: JsonObject = {
      type: 'object',
      required: ['maxSize'],
      properties: {
        maxSize: { type: 'integer', minimum: -9007199254740991, maximum: 10 },
        isOn: { type: 'boolean' },
        colour: { enum: ['red', 'blue'] },
        tags: { type: 'array', items: { enum: ['a', 'b'] } },
        headers: { type: 'object', additionalProperties: { type: 'string' } },
        anything: {},
        broken: null,
      },
    }
    const fields = formGroups(schema, {}).flatMap((group) => group.fields)
    expect(fields.map(({ key, title, control }) => `${key}: ${title} by ${control}`)).toEqual([
      'maxSize: Max size by number',
      'isOn: Is on by switch',
      'colour: Colour by select',
      'tags: Tags by multiSelect',
      'headers: Headers by keyValue',
      'anything: Anything by json',
      'broken: Broken by json',
    ])
    expect(fields[0]).toMatchObject({ isRequired: true, min: undefined, max: 10 })
  })

  test('every control that a node type asks for is drawn by the builder', () => {
    const asked = describeNodeTypes().flatMap(({ params }) =>
      formGroups({ ...params, properties: withoutModes(params['properties']) }, {}).flatMap(({ fields }) =>
        fields.flatMap((field) => [field.control, ...field.entries.map(({ control }) => control)]),
      ),
    )
    const drawn = new Set<string>(controlNames)
    expect([...new Set(asked)].filter((name) => !drawn.has(name))).toEqual([])
  })
})

function withoutModes(properties: JsonObject[string] | undefined): JsonObject {
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return {}
  return Object.fromEntries(
    Object.entries(properties).map(([key, property]) => [
      key,
      typeof property === 'object' && property !== null && !Array.isArray(property)
        ? { ...property, showWhen: {} }
        : property,
    ]),
  )
}
