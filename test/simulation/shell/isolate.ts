import type { Env } from '../../../worker/env.ts'
import type { Isolate } from '../../../worker/runtime/isolate.ts'

/** In the place of `worker/runtime/isolate.ts`: each process of the simulation has an isolate of its own. */
export function isolateOf(env: Env): Isolate {
  return (env as Env & { isolate: Isolate }).isolate
}
