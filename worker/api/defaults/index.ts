import { getDefaults } from '../../usecases/defaults/get-defaults.ts'
import { setDefaults } from '../../usecases/defaults/set-defaults.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import { etagOf, requireRevision } from '../headers.ts'
import * as routes from './routes.ts'

export const defaultsApi = createApi()
  .openapi(routes.getDefaultsRoute, async (c) => {
    const found = await getDefaults(c.var.context)
    c.header('ETag', etagOf(found))
    return answer(c, found, 200)
  })
  .openapi(routes.setDefaultsRoute, async (c) => {
    const revision = requireRevision(c.req.valid('header')['if-match'])
    const saved = await setDefaults(c.var.context, revision, c.req.valid('json'))
    c.header('ETag', etagOf(saved))
    return answer(c, saved, 200)
  })
