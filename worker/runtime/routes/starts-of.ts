import type { Env } from '../../env.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import { isolateOf } from '../isolate.ts'
import { eventStarts, webhookStarts, type Start } from './trigger-targets.ts'

/** What a trigger starts, by the routes of the epoch given; without one, by those at hand. */
export async function startsOf(
  env: Env,
  trigger: AcceptedTrigger,
  routesAt?: { shard: number; epoch: string },
): Promise<Start[]> {
  const isOld = ({ epochs }: { epochs: readonly string[] }) =>
    routesAt !== undefined && epochs[routesAt.shard] !== routesAt.epoch
  const { routes } = isolateOf(env)
  const { source } = trigger
  switch (source.kind) {
    case 'webhook': {
      let hook = await routes.findHook(source.hookKey)
      if (hook !== undefined && isOld(hook)) hook = await routes.findHook(source.hookKey, { fresh: true })
      return hook === undefined ? [] : webhookStarts(hook.routes.targets)
    }
    case 'event': {
      let targets = await routes.listEventTargets(trigger.organizationId)
      if (isOld(targets)) targets = await routes.listEventTargets(trigger.organizationId, true)
      return eventStarts(targets.routes, trigger, source.eventType)
    }
    case 'start':
      return [{ ...source, kind: source.triggerKind }]
    default:
      return unreachable(source)
  }
}
