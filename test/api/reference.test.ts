// The reference says what everything is that a request may give: parameters, and what a body has at its top.

import { expect, test } from 'vitest'
import { makeApi } from '../support/api.ts'

interface Described {
  $ref?: string
  description?: string
  properties?: Record<string, Described>
  anyOf?: Described[]
  oneOf?: Described[]
  allOf?: Described[]
}

interface Operation {
  parameters?: { name: string; in: string; description?: string; schema?: Described }[]
  requestBody?: { content: Record<string, { schema: Described }> }
}

interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Described>; parameters?: Record<string, unknown> }
}

const api = makeApi()

const document = async () => JSON.parse((await api.send('GET', '/api/v2/openapi.json', {})).text) as OpenApi

test('every parameter, and every property at the top of a request, says what it is', async () => {
  const { paths, components } = await document()
  const resolved = ({ $ref, ...own }: Described): Described =>
    $ref === undefined ? own : { ...resolved(components.schemas[$ref.split('/').at(-1)!] ?? {}), ...own }
  const isSaid = (schema: Described) => (resolved(schema).description ?? '').length > 3
  const propertiesOf = (schema: Described): [string, Described][] => {
    const { properties = {}, anyOf = [], oneOf = [], allOf = [] } = resolved(schema)
    return [...Object.entries(properties), ...[...anyOf, ...oneOf, ...allOf].flatMap(propertiesOf)]
  }
  const missing = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters = [], requestBody }]) => [
      ...parameters
        .filter(({ description = '', schema = {} }) => description === '' && !isSaid(schema))
        .map(({ name, in: where }) => `${method} ${path} ${where} ${name}`),
      ...Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        propertiesOf(schema)
          .filter(([, property]) => !isSaid(property))
          .map(([name]) => `${method} ${path} body ${name}`),
      ),
    ]),
  )
  expect(missing).toEqual([])
})
