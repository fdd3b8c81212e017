import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { page } from '../../contract/error.ts'
import { SetVariableRequest, Variable, VariableName } from '../../contract/variable.ts'
import { IfMatch } from '../headers.ts'
import { errors, json, jsonBody } from '../respond.ts'

const tags = ['Variables']
const params = z.strictObject({ name: VariableName })
const etag = { headers: z.object({ ETag: z.string().meta({ description: 'The revision of the variable.' }) }) }

export const listVariablesRoute = createRoute({
  operationId: 'listVariables',
  method: 'get',
  path: '/variables',
  tags,
  summary: 'List the organization’s variables',
  description: 'What every workflow may read as `organization.<name>`, with the values.',
  responses: { 200: json(page(Variable), 'The variables, by name.'), ...errors() },
})

export const setVariableRoute = createRoute({
  operationId: 'setVariable',
  method: 'put',
  path: '/variables/{name}',
  tags,
  summary: 'Set a variable of the organization',
  description:
    'Without `If-Match` it is added; one that is there is changed with the revision that was edited. Executions that begin from then on read the new value; those under way keep what they had.',
  request: { params, headers: IfMatch, body: jsonBody(SetVariableRequest) },
  responses: {
    200: { ...json(Variable, 'The variable as it was changed.'), ...etag },
    201: { ...json(Variable, 'The new variable.'), ...etag },
    ...errors('variable.not_found', 'variable.conflict', 'variable.too_many', 'request.precondition_required'),
  },
})

export const deleteVariableRoute = createRoute({
  operationId: 'deleteVariable',
  method: 'delete',
  path: '/variables/{name}',
  tags,
  summary: 'Delete a variable of the organization',
  description:
    'With `If-Match` only if nobody changed it since. Workflows that read it fail where they do, unless they say what to read instead.',
  request: { params, headers: IfMatch },
  responses: {
    200: json(Variable, 'The variable as it was.'),
    ...errors('variable.not_found', 'variable.conflict'),
  },
})
