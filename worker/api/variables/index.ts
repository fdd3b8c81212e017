import { deleteVariable } from '../../usecases/variables/delete-variable.ts'
import { listVariables } from '../../usecases/variables/list-variables.ts'
import { setVariable } from '../../usecases/variables/set-variable.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { etagOf, readRevision } from '../headers.ts'
import * as routes from './routes.ts'

export const variablesApi = createApi()
  .openapi(routes.listVariablesRoute, async (c) => answer(c, { items: await listVariables(c.var.context) }, 200))
  .openapi(routes.setVariableRoute, async (c) => {
    const { name } = c.req.valid('param')
    const revision = readRevision(c.req.valid('header')['if-match'])
    const { variable, created } = await setVariable(c.var.context, name, revision, c.req.valid('json'))
    c.header('ETag', etagOf(variable))
    return answer(c, variable, created ? 201 : 200)
  })
  .openapi(routes.deleteVariableRoute, async (c) => {
    const revision = readRevision(c.req.valid('header')['if-match'])
    return answer(c, await deleteVariable(c.var.context, c.req.valid('param').name, revision), 200)
  })
