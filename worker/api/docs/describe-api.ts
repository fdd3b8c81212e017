// describe-api
//
// The OpenAPI 3.1 document of an API, from its route declarations and the contract's own schemas. OpenAPI 3.1 schemas
// are JSON Schema, and zod writes those itself, recursion included; this file only puts them where OpenAPI wants them.

import { z } from 'zod'
import { errorCatalogue } from '../../contract/facts/error.ts'
import type { Api } from '../env.ts'
import { bodyErrors, refusal } from '../respond.ts'

type Route = Extract<Api['openAPIRegistry']['definitions'][number], { type: 'route' }>['route']
type Response = Route['responses'][string]
type Direction = 'input' | 'output'

export interface JsonSchema {
  [keyword: string]: unknown
}

export interface Operation {
  operationId?: string
  tags?: string[]
  summary?: string
  description?: string
  security?: unknown
  parameters: { name: string; in: string; required: boolean; description?: string; schema: JsonSchema }[]
  requestBody?: { required: boolean; content: { 'application/json': { schema: JsonSchema } } }
  responses: Record<string, OperationResponse>
}

interface OperationResponse {
  description: string
  headers?: Record<string, { description?: string; required: boolean; schema: JsonSchema }>
  content?: { 'application/json': { schema: JsonSchema } }
}

export interface ApiDocument {
  openapi: '3.1.0'
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  security: Record<string, string[]>[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, JsonSchema>; securitySchemes: Record<string, JsonSchema> }
}

/** The document of all routes that `api` has declared. */
export function describeApi(
  api: Api,
  about: Omit<ApiDocument, 'openapi' | 'paths' | 'components'> & {
    securitySchemes: ApiDocument['components']['securitySchemes']
  },
): ApiDocument {
  const routes = api.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route' ? [definition.route] : [],
  )
  const schemas = new SchemaBook(routes.flatMap(schemasOf))
  const paths: ApiDocument['paths'] = {}
  for (const route of routes) (paths[route.path] ??= {})[route.method] = describe(route, schemas)

  const { securitySchemes, ...rest } = about
  return { openapi: '3.1.0', ...rest, paths, components: { schemas: schemas.components, securitySchemes } }
}

function describe(route: Route, schemas: SchemaBook): Operation {
  const { params, query, headers } = route.request ?? {}
  const body = bodySchema(route)
  return {
    ...(route.operationId === undefined ? {} : { operationId: route.operationId }),
    ...(route.tags === undefined ? {} : { tags: route.tags }),
    ...(route.summary === undefined ? {} : { summary: route.summary }),
    ...(route.description === undefined ? {} : { description: route.description }),
    ...(route.security === undefined ? {} : { security: route.security }),
    parameters: [
      ...parametersOf(schemas, 'path', params),
      ...parametersOf(schemas, 'query', query),
      ...parametersOf(schemas, 'header', headers),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemas.of(body, 'input') } } } }),
    responses: Object.fromEntries(
      Object.entries(responsesOf(route)).map(([status, response]) => [status, describeResponse(response, schemas)]),
    ),
  }
}

function describeResponse(response: Response, schemas: SchemaBook): OperationResponse {
  const schema = contentSchema(response)
  const headers = fieldsOf(schemas.of(headersSchema(response), 'output'))
  return {
    description: descriptionOf(response),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(schema !== undefined && { content: { 'application/json': { schema: schemas.of(schema, 'output') } } }),
  }
}

/** What a route declares, and what is refused of any body before the route sees it. */
function responsesOf(route: Route): Record<string, Response> {
  const responses: Record<string, Response> = { ...route.responses }
  if (bodySchema(route) === undefined) return responses
  for (const code of bodyErrors) {
    const { status } = errorCatalogue[code]
    const declared = responses[status]
    const known = declared === undefined ? [] : descriptionOf(declared).split(', ')
    const { description } = refusal([code])
    if (known.includes(description)) continue
    responses[status] = { ...refusal([code]), description: [...known, description].join(', ') }
  }
  return responses
}

const descriptionOf = (response: Response) => ('description' in response ? response.description : '')

function parametersOf(schemas: SchemaBook, place: string, shape: unknown): Operation['parameters'] {
  if (!(shape instanceof z.ZodType)) return []
  return Object.entries(fieldsOf(schemas.of(shape, 'input'))).map(([name, field]) => ({ name, in: place, ...field }))
}

/** The fields of an object's schema, as OpenAPI describes parameters and headers. */
function fieldsOf({ properties = {}, required = [] }: { properties?: unknown; required?: unknown }) {
  const isRequired = (name: string) => (required as string[]).includes(name)
  return Object.fromEntries(
    Object.entries(properties as Record<string, JsonSchema>).map(
      ([name, { description, isAlwaysNeeded, ...schema }]) => [
        name,
        {
          required: isRequired(name) || isAlwaysNeeded === true,
          ...(typeof description === 'string' ? { description } : {}),
          schema,
        },
      ],
    ),
  )
}

function schemasOf(route: Route): { schema: z.ZodType; direction: Direction }[] {
  const { params, query, headers } = route.request ?? {}
  const incoming = [params, query, headers, bodySchema(route)]
  const outgoing = Object.values(responsesOf(route)).flatMap((response) => [
    contentSchema(response),
    headersSchema(response),
  ])
  return [
    ...incoming.flatMap((schema) => (schema instanceof z.ZodType ? [{ schema, direction: 'input' as const }] : [])),
    ...outgoing.flatMap((schema) => (schema === undefined ? [] : [{ schema, direction: 'output' as const }])),
  ]
}

function bodySchema(route: Route): z.ZodType | undefined {
  return route.request?.body === undefined ? undefined : contentSchema(route.request.body)
}

function contentSchema(holder: object): z.ZodType | undefined {
  const content = 'content' in holder ? (holder.content as Record<string, { schema?: unknown }> | undefined) : undefined
  const schema = content?.['application/json']?.schema
  return schema instanceof z.ZodType ? schema : undefined
}

function headersSchema(response: Response): z.ZodType | undefined {
  return 'headers' in response && response.headers instanceof z.ZodType ? response.headers : undefined
}

/** JSON Schemas of many zod schemas. What has an id in the contract is written once, and referred to. */
class SchemaBook {
  readonly components: Record<string, JsonSchema> = {}
  readonly #written = new Map<string, JsonSchema>()
  readonly #names = new Map<z.ZodType, string>()

  constructor(wanted: { schema: z.ZodType; direction: Direction }[]) {
    for (const direction of ['output', 'input'] as const) this.#write(direction, wanted)
  }

  of(schema: z.ZodType | undefined, direction: Direction): JsonSchema {
    if (schema === undefined) return {}
    return this.#written.get(`${direction}/${this.#names.get(schema)}`) ?? {}
  }

  /** All schemas of one direction in a single conversion, so that they share their definitions. */
  #write(direction: Direction, wanted: { schema: z.ZodType; direction: Direction }[]): void {
    const shape: Record<string, z.ZodType> = {}
    for (const { schema, direction: own } of wanted) {
      if (own !== direction) continue
      const name = this.#names.get(schema) ?? `s${this.#names.size}`
      this.#names.set(schema, name)
      shape[name] = schema
    }
    const { properties, $defs } = rename(
      z.toJSONSchema(z.object(shape), { io: direction, unrepresentable: 'any', override }),
    ) as { properties?: Record<string, JsonSchema>; $defs?: Record<string, JsonSchema> }
    for (const [name, schema] of Object.entries(properties ?? {})) this.#written.set(`${direction}/${name}`, schema)
    // What is the same in both directions is described by what it is when it comes out.
    for (const [name, { id: _, ...schema }] of Object.entries($defs ?? {})) this.components[name] ??= schema
  }
}

/**
 * Leaves out what only says again what is said: a pattern beside the format that it is of, and that a whole number is
 * one that a double holds. Who makes a client of the document would check each date against a page of pattern.
 */
function override({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (typeof jsonSchema['format'] === 'string') delete jsonSchema['pattern']
  if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum']
  if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum']
}

/** References as OpenAPI has them. What is recursive has a name of its own in the contract. */
function rename(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/')) as unknown
}
