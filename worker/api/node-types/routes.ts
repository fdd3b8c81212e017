import { createRoute } from '@hono/zod-openapi'
import { page } from '../../contract/error.ts'
import { NodeType } from '../../contract/node-type.ts'
import { errors, json } from '../respond.ts'

export const listNodeTypesRoute = createRoute({
  operationId: 'listNodeTypes',
  method: 'get',
  path: '/node-types',
  tags: ['Node types'],
  summary: 'List node types',
  description: 'Everything that can be placed in a workflow, in the order of the palette.',
  responses: { 200: json(page(NodeType), 'All node types.'), ...errors() },
})
