import { closeBreaker } from '../../usecases/outbound/close-breaker.ts'
import { listOutboundRules } from '../../usecases/outbound/list-outbound-rules.ts'
import { listOutboundTroubles } from '../../usecases/outbound/list-outbound-troubles.ts'
import { removeOutboundRule } from '../../usecases/outbound/remove-outbound-rule.ts'
import { setOutboundRule } from '../../usecases/outbound/set-outbound-rule.ts'
import { createApi } from '../create-api.ts'
import { answer } from '../envelope.ts'
import * as routes from './routes.ts'

export const outboundApi = createApi()
  .openapi(routes.listOutboundRulesRoute, async (c) => {
    return answer(c, { items: await listOutboundRules(c.var.context) }, 200)
  })
  .openapi(routes.setOutboundRuleRoute, async (c) => {
    return answer(c, await setOutboundRule(c.var.context, c.req.valid('json')), 200)
  })
  .openapi(routes.removeOutboundRuleRoute, async (c) => {
    return answer(c, await removeOutboundRule(c.var.context, c.req.valid('param').host), 200)
  })
  .openapi(routes.listOutboundTroublesRoute, async (c) => {
    return answer(c, { items: await listOutboundTroubles(c.var.context) }, 200)
  })
  .openapi(routes.closeBreakerRoute, async (c) => {
    return answer(c, await closeBreaker(c.var.context, c.req.valid('param').host), 200)
  })
