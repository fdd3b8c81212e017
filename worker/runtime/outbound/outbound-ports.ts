import type { Env } from '../../env.ts'
import { readHostRules } from '../../store/outbound.ts'
import { outboundName, type OutboundName } from '../names.ts'
import type { OutboundObject } from './outbound-object.ts'
import type { OutboundPorts } from './outbound.ts'

/** A fresh stub of the object that knows a host: one that threw once may stay broken. */
export function outboundObjectOf(env: Env, name: OutboundName): DurableObjectStub<OutboundObject> {
  return env.OUTBOUND.getByName(outboundName(name))
}

/** The objects and the rules behind the way out. */
export function outboundPorts(env: Env): OutboundPorts {
  return {
    readRules: (organizationId) => readHostRules(env.DB, organizationId),
    ask: (name, ask) => outboundObjectOf(env, name).ask(name.organizationId, JSON.stringify(ask)),
    settle: (name, settled) => outboundObjectOf(env, name).settle(name.organizationId, JSON.stringify(settled)),
  }
}
