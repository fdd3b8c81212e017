import type { Env } from '../../env.ts'
import { readHostRules } from '../../store/outbound.ts'
import type { OutboundPorts } from './outbound.ts'
import { outboundObjectOf } from './outbound-stub.ts'

/** The objects and the rules behind the way out. */
export function outboundPorts(env: Env): OutboundPorts {
  return {
    readRules: (organizationId) => readHostRules(env.DB, organizationId),
    ask: (name, ask) => outboundObjectOf(env, name).ask(name.organizationId, JSON.stringify(ask)),
    settle: (name, settled) => outboundObjectOf(env, name).settle(name.organizationId, JSON.stringify(settled)),
  }
}
