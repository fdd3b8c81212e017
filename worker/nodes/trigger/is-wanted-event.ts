import type { Json, JsonObject } from '../../contract/json.ts'
import type { Scope } from '../../engine/behaviour.ts'
import { compileGroup, type Decision } from '../params/compile-group.ts'

/** Compiled conditions by the params they stand in; params live as long as the routes that hold them. */
const compiled = new WeakMap<JsonObject, (scope: Scope) => Decision>()

/**
 * Whether an event (what the workflow would read as `trigger`) meets the conditions of an event trigger's params.
 * Without conditions every event does; conditions that can not be decided (an expression fails) are not met. `now` is
 * when the event was accepted, in epoch ms, so that asking again gives the same answer.
 */
export function isWantedEvent(params: JsonObject, trigger: Json, now: number): boolean {
  const { conditions } = params
  if (conditions === undefined) return true
  let decide = compiled.get(params)
  if (decide === undefined) {
    decide = compileGroup(conditions)
    compiled.set(params, decide)
  }
  try {
    return decide({ ...nothingYet, trigger, now }).result
  } catch {
    return false
  }
}

/** What conditions see before there is an execution. */
const nothingYet: Omit<Scope, 'trigger' | 'now'> = {
  steps: {},
  vars: {},
  execution: { id: '', generation: 1, startedAt: '', mode: 'trigger' },
  workflow: { id: '', name: '', version: 0 },
}
