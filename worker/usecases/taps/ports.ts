import type { HookKey, OrganizationId, TapId } from '../../contract/id.ts'
import type { TapNews } from '../../contract/tap.ts'
import type { WebhookSettings } from '../../triggers/webhook/index.ts'

/** A tap, and the hook at which it listens. */
export interface TapPlace {
  id: TapId
  hookKey: HookKey
}

export interface TapWish extends TapPlace {
  /** How the hook receives while no live workflow says it. */
  settings: WebhookSettings
  /** Epoch ms. */
  until: number
}

export interface TapQuestion extends TapPlace {
  /** As in `TapWish`, where they can be read now. */
  settings?: WebhookSettings | undefined
  /** Epoch ms: refusals until then are no news. */
  after: number
  timeoutMs: number
}

/** What use cases ask of those who take requests to hooks. `runtime/` implements it. */
export interface TapRuntime {
  /** From when it has resolved, what comes to the hook is heard. */
  open(organizationId: OrganizationId, tap: TapWish): Promise<void>
  /** What has come, as soon as something new has, or when the time is over. Undefined: nobody knows of such a tap at that hook. */
  wait(organizationId: OrganizationId, question: TapQuestion): Promise<TapNews | undefined>
  /** It listens no more. Twice does no harm. */
  close(organizationId: OrganizationId, tap: TapPlace): Promise<void>
}
