// ready-triggers
//
// What a trigger node's params mean for the events that come: read once when routes are, not once per event.

import type { ConditionGroup } from '../contract/condition.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { WebhookTrigger } from '../contract/trigger.ts'
import { compileConditions, compileExpression, compileTemplate, ExpressionError } from '../expressions/index.ts'
import { eventParams } from '../nodes/trigger/event.ts'
import { webhookParams, type WebhookParams } from '../nodes/trigger/webhook.ts'

/** How a hook receives and answers. */
export interface ReadyHook {
  settings: WebhookParams
  /** The provider's own id of an event, where the workflow says where it is and it is there. */
  chooseId: ((trigger: WebhookTrigger) => string | undefined) | undefined
}

export function readyHook(params: JsonObject): ReadyHook {
  const settings = webhookParams.parse(params)
  return { settings, chooseId: idChooser(settings.dedupeBy) }
}

function idChooser(field: string | undefined): ReadyHook['chooseId'] {
  if (field === undefined || field.trim() === '') return undefined
  const source = field.includes('{{') ? compileTemplate(field) : compileExpression(`trigger.${field.trim()}`)
  return (trigger) => {
    try {
      const id = source.evaluate({ trigger: trigger as unknown as Json, now: 0 })
      return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
    } catch (error) {
      // An event without the id is told by what else it has, like any other.
      if (error instanceof ExpressionError) return undefined
      throw error
    }
  }
}

/** Whether an event meets the trigger's own conditions: the ones that do not start nothing, and leave no trace. */
export type WantsEvent = (trigger: Json, now: number) => boolean

export function readyEvent(params: JsonObject): WantsEvent {
  const parsed = eventParams.safeParse(params)
  const group: ConditionGroup | undefined = parsed.data?.conditions
  if (group === undefined) return () => true
  const conditions = compileConditions(group)
  return (trigger, now) => conditions.evaluate({ trigger, now }).result
}
