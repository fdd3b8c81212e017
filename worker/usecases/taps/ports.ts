import type { HookKey, OrganizationId, TapId, WorkflowId } from '../../contract/id.ts'
import type { TapNews } from '../../contract/tap.ts'
import type { WebhookSettings } from '../../triggers/webhook/index.ts'

/** What a tap hears: requests to a hook, which receives by `settings` while no live workflow says how, or events of a type or pattern. */
export type Hears = { kind: 'hook'; hookKey: HookKey; settings: WebhookSettings } | { kind: 'event'; eventType: string }

/** A tap, and the trigger at which it listens: nobody reaches it by another. */
export interface TapPlace {
  id: TapId
  place: TriggerPlace
}

/** A trigger of a draft. */
export type TriggerPlace = `${WorkflowId}/${string}`

export interface TapWish extends TapPlace {
  hears: Hears
  /** Epoch ms. */
  until: number
}

export interface TapQuestion extends TapPlace {
  /** As in `TapWish`, where the draft says it now. */
  hears?: Hears | undefined
  /** Epoch ms: refusals until then are no news. */
  after: number
  timeoutMs: number
}

/** What use cases ask of those who take requests to hooks, and events. `runtime/` implements it. */
export interface TapRuntime {
  /** From when it has resolved, what comes is heard. */
  open(organizationId: OrganizationId, tap: TapWish): Promise<void>
  /** What has come, as soon as something new has, or when the time is over. Undefined: nobody knows of such a tap there. */
  wait(organizationId: OrganizationId, question: TapQuestion): Promise<TapNews | undefined>
  /** It listens no more. Twice does no harm. */
  close(organizationId: OrganizationId, tap: TapPlace): Promise<void>
}
