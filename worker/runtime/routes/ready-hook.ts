// ready-hook
//
// What a webhook's params mean for the requests that come: read once when routes are, not once per request.

import type { JsonObject } from '../../contract/json.ts'
import type { WebhookTrigger } from '../../contract/trigger.ts'
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
