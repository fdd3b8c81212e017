// ready-triggers
//
// What a trigger node's params mean for the events that come: read once when routes are, not once per event.

import type { ConditionGroup } from '../../contract/condition.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
import { compileConditions, ExpressionError } from '../../expressions/index.ts'
import { eventParams } from '../../nodes/trigger/event.ts'
import { idChooser } from '../../nodes/trigger/id-chooser.ts'
import { webhookParams, type WebhookParams } from '../../nodes/trigger/webhook.ts'

/** How a hook receives and answers. */
export interface ReadyHook {
  settings: WebhookParams
  /** The provider's own id of an event, where the workflow says where it is and it is there. */
  chooseId: ((trigger: WebhookTrigger) => string | undefined) | undefined
}

/** Reads the params of a webhook’s node. Throws where they are none that was ever published. */
export function readyHook(params: JsonObject): ReadyHook {
  const settings = webhookParams().parse(params)
  return { settings, chooseId: idChooser(settings.dedupeBy) }
}

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
