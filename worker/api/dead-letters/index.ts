import { changeDeadLetters } from '../../usecases/dead-letters/change-dead-letters.ts'
import { discardDeadLetter } from '../../usecases/dead-letters/discard-dead-letter.ts'
import { getDeadLetter } from '../../usecases/dead-letters/get-dead-letter.ts'
import { listDeadLetters } from '../../usecases/dead-letters/list-dead-letters.ts'
import { retryDeadLetter } from '../../usecases/dead-letters/retry-dead-letter.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const deadLettersApi = createApi()
  .openapi(routes.listDeadLettersRoute, async (c) => {
    return answer(c, await listDeadLetters(c.var.context, c.req.valid('query')), 200)
  })
  .openapi(routes.getDeadLetterRoute, async (c) => {
    return answer(c, await getDeadLetter(c.var.context, c.req.valid('param').deadLetterId), 200)
  })
  .openapi(routes.retryDeadLetterRoute, async (c) => {
    const { deadLetterId } = c.req.valid('param')
    return answer(c, await retryDeadLetter(c.var.context, deadLetterId, c.req.valid('json')), 202)
  })
  .openapi(routes.discardDeadLetterRoute, async (c) => {
    return answer(c, await discardDeadLetter(c.var.context, c.req.valid('param').deadLetterId), 200)
  })
  .openapi(routes.changeDeadLettersRoute, async (c) => {
    return answer(c, await changeDeadLetters(c.var.context, c.req.valid('json')), 200)
  })
