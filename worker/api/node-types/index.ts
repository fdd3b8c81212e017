import { listNodeTypes } from '../../usecases/node-types/list-node-types.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { listNodeTypesRoute } from './routes.ts'

export const nodeTypesApi = createApi().openapi(listNodeTypesRoute, (c) =>
  answer(c, { items: listNodeTypes(c.var.context) }, 200),
)
