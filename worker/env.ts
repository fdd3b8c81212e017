import type { ChainObject } from './runtime/causality/chain-object.ts'
import type { ContactObject } from './runtime/contact/contact-object.ts'
import type { ExecutionObject } from './runtime/execution/execution-object.ts'
import type { InboxObject } from './runtime/inbox/inbox-object.ts'
import type { GateObject } from './runtime/gate/gate-object.ts'
import type { OutboundObject } from './runtime/outbound/outbound-object.ts'
import type { WaiterObject } from './runtime/waiters/waiter-object.ts'
import type { RecordsMessage, TriggerMessage } from './runtime/queues/messages.ts'

/** The Worker's bindings, as `wrangler.toml` declares them. */
export interface Env {
  /** Source of truth: people, organizations, workflows, versions, hooks, keys. */
  DB: D1Database
  /** Projection of executions: rebuildable, written in bulk. */
  LOGS: D1Database
  EXECUTIONS: DurableObjectNamespace<ExecutionObject>
  INBOXES: DurableObjectNamespace<InboxObject>
  CONTACTS: DurableObjectNamespace<ContactObject>
  WAITERS: DurableObjectNamespace<WaiterObject>
  CHAINS: DurableObjectNamespace<ChainObject>
  GATES: DurableObjectNamespace<GateObject>
  OUTBOUND: DurableObjectNamespace<OutboundObject>
  TRIGGERS: Queue<TriggerMessage>
  RECORDS: Queue<RecordsMessage>
  ASSETS: Fetcher
  /** Reaches public addresses only. On one machine; elsewhere the platform has no private ones. Of `worker/egress/` alone. */
  PUBLIC_NETWORK?: Fetcher
  /** Reaches what `LEAT_EGRESS_ALLOW` opens. On one machine, where it opens something. Of `worker/egress/` alone. */
  ALLOWED_NETWORK?: Fetcher
  /** Root secret of at least 32 bytes; every key is derived from it by purpose. */
  LEAT_SECRET: string
  /** Comma-separated `host:port` that workflows may call although they are private. Empty in production. */
  LEAT_EGRESS_ALLOW?: string
  /** Where people reach this installation, such as `https://leat.example.com`; what requests say when it is not set. */
  LEAT_ORIGIN?: string
  /** The header in which the proxy in front says where a request comes from; Cloudflare's when absent, none when empty. */
  LEAT_ADDRESS_HEADER?: string
  /** Comma-separated host names this installation answers at: a workflow may not call them. */
  LEAT_HOSTS?: string
  /** How many executions of all organizations go on at a time; no limit when empty. */
  LEAT_MAX_RUNNING?: string
  /** How many of each organization, whatever it says itself. */
  LEAT_MAX_RUNNING_EACH?: string
  /** Comma-separated `org_…=2`: whose turn comes how much more often than that of others. */
  LEAT_WEIGHTS?: string
  /** Lets the local server seed its demo organization. Unset everywhere else, and then nobody can. */
  LEAT_SETUP_TOKEN?: string
}
