import type { Env } from '../../env.ts'
import { withKeys } from '../../usecases/executions/with-keys.ts'
import { isolateOf } from '../isolate.ts'
import type { LiveExecution } from './live-execution.ts'

/** An execution as its watchers see it now, with the keys of its calls. */
export function liveView(env: Env, live: LiveExecution): ReturnType<typeof withKeys> {
  return withKeys(isolateOf(env).vault, live.header.organizationId, live.view())
}
