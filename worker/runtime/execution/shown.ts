import type { Env } from '../../env.ts'
import { withKeys } from '../../usecases/with-keys.ts'
import { isolateOf } from '../isolate.ts'
import type { LiveExecution } from './live-execution.ts'

/** An execution as those are shown it who watch it now. */
export function shown(env: Env, live: LiveExecution): ReturnType<typeof withKeys> {
  return withKeys(isolateOf(env).vault, live.header.organizationId, live.view())
}
