import type { ConditionGroup } from '../../contract/condition.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import { compileConditions, ExpressionError } from '../../expressions/index.ts'
import { eventParams } from './event.ts'

/** Whether an event meets the trigger's own conditions: the ones that do not start nothing, and leave no trace. */
export type WantsEvent = (trigger: Json, now: number) => boolean

/** Reads the conditions of an event’s node. Without any it takes every event of its type. */
export function readyEvent(params: JsonObject): WantsEvent {
  const parsed = eventParams().safeParse(params)
  const group: ConditionGroup | undefined = parsed.data?.conditions
  if (group === undefined) return () => true
  const conditions = compileConditions(group)
  return (trigger, now) => {
    try {
      return conditions.evaluate({ trigger, now }).result
    } catch (error) {
      // Conditions that cannot be decided for this event are not met by it; other listeners must not wait for them.
      if (error instanceof ExpressionError) return false
      throw error
    }
  }
}
