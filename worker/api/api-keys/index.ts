import { createApiKey } from '../../usecases/api-keys/create-api-key.ts'
import { listApiKeys } from '../../usecases/api-keys/list-api-keys.ts'
import { revokeApiKey } from '../../usecases/api-keys/revoke-api-key.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const apiKeysApi = createApi()
  .openapi(routes.listApiKeysRoute, async (c) => answer(c, { items: await listApiKeys(c.var.context) }, 200))
  .openapi(routes.createApiKeyRoute, async (c) => {
    return answer(c, await createApiKey(c.var.context, c.req.valid('json')), 201)
  })
  .openapi(routes.revokeApiKeyRoute, async (c) => {
    return answer(c, await revokeApiKey(c.var.context, c.req.valid('param').apiKeyId), 200)
  })
