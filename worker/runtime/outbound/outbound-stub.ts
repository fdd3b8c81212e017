import type { Env } from '../../env.ts'
import { outboundName, type OutboundName } from '../names.ts'
import type { OutboundObject } from './outbound-object.ts'

/** A fresh stub of the object that knows a host: one that threw once may stay broken. */
export function outboundObjectOf(env: Env, name: OutboundName): DurableObjectStub<OutboundObject> {
  return env.OUTBOUND.getByName(outboundName(name))
}
