import {
  beginAuthenticator,
  confirmAuthenticator,
  getAuthenticator,
  removeAuthenticator,
} from '../../usecases/authenticator/authenticator.ts'
import { provesOf } from '../auth/proves.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const authenticatorApi = createApi()
  .openapi(routes.getAuthenticatorRoute, async (c) => answer(c, await getAuthenticator(c.var.context), 200))
  .openapi(routes.beginAuthenticatorRoute, async (c) => {
    c.header('Cache-Control', 'no-store')
    const { isPassword } = provesOf(c)
    return answer(c, await beginAuthenticator(c.var.context, c.req.valid('json'), isPassword), 200)
  })
  .openapi(routes.confirmAuthenticatorRoute, async (c) => {
    c.header('Cache-Control', 'no-store')
    return answer(c, await confirmAuthenticator(c.var.context, c.req.valid('json'), provesOf(c).count), 200)
  })
  .openapi(routes.removeAuthenticatorRoute, async (c) => {
    return answer(c, await removeAuthenticator(c.var.context, c.req.valid('json'), provesOf(c)), 200)
  })
