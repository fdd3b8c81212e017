// The Worker: what comes in, and who takes it. Wiring only.

import type { Backend } from './api/backend.ts'
import type { createApp } from './api/create-app.ts'
import { answerHook } from './api/hooks/answer-hook.ts'
import { answerFile } from './api/web-app.ts'
import type { Env } from './env.ts'
import { addressOf } from './lib/address-of.ts'
import { atPublicOrigin } from './lib/at-public-origin.ts'
import { describeNodeTypes } from './nodes/describe-node-types.ts'
import { validateGraph } from './nodes/validate-graph.ts'
import { consumeDeadLetters } from './runtime/queues/consume-dead-letters.ts'
import { consumeRecords } from './runtime/queues/consume-records.ts'
import { consumeTriggers } from './runtime/queues/consume-triggers.ts'
import { createApprovalRuntime } from './runtime/approvals/approval-runtime.ts'
import { createContactRuntime } from './runtime/contact/contact-runtime.ts'
import { createExecutionRuntime } from './runtime/operations/execution-runtime.ts'
import { createTapRuntime } from './runtime/inbox/tap-runtime.ts'
import { ingestHook } from './runtime/ingest/ingest-hook.ts'
import { isolateOf } from './runtime/isolate.ts'
import type { RecordsMessage, TriggerMessage } from './runtime/queues/messages.ts'
import { createGateRuntime } from './runtime/gate/gate-runtime.ts'
import { createOutboundRuntime } from './runtime/outbound/outbound-runtime.ts'
import { sweep } from './runtime/sweep.ts'
import { openDatabase } from './store/database.ts'

export { ChainObject } from './runtime/causality/chain-object.ts'
export { ContactObject } from './runtime/contact/contact-object.ts'
export { ExecutionObject } from './runtime/execution/execution-object.ts'
export { GateObject } from './runtime/gate/gate-object.ts'
export { InboxObject } from './runtime/inbox/inbox-object.ts'
export { OutboundObject } from './runtime/outbound/outbound-object.ts'
export { WaiterObject } from './runtime/waiters/waiter-object.ts'

/** Everything that is not a hook and not a file of the web app. `run_worker_first` in `wrangler.toml` names the same. */
const apiPrefixes = ['/api/', '/ws/', '/forms/', '/approvals/', '/graphql', '/health']

let app: ReturnType<typeof createApp<Env>> | undefined

export default {
  async fetch(request, env, ctx) {
    const address = addressOf(request.url)
    if (address.path.startsWith('/hooks/')) {
      const answer = answerHook(address.path, () => ingestHook(request, address, env))
      // A sender that hangs up has still sent its event; and others may be waiting for this request to offer theirs.
      ctx.waitUntil(answer)
      return answer
    }
    if (!apiPrefixes.some((prefix) => address.path.startsWith(prefix))) {
      return answerFile(request, address.path, env.ASSETS)
    }
    app ??= await loadApp(env)
    return app.fetch(atPublicOrigin(request, env.LEAT_ORIGIN), env, ctx)
  },

  async queue(batch, env) {
    switch (batch.queue) {
      case 'leat-triggers':
        return consumeTriggers(batch, env)
      case 'leat-records':
        return consumeRecords(batch, env)
      default:
        return consumeDeadLetters(batch, env)
    }
  },

  async scheduled(controller, env) {
    await sweep(env, controller.scheduledTime)
  },
} satisfies ExportedHandler<Env, TriggerMessage | RecordsMessage>

/** Loaded by the first request that needs it: an isolate that only takes hooks never pays for it. */
async function loadApp(env: Env): Promise<ReturnType<typeof createApp<Env>>> {
  const [{ createApp }, { createBackend }] = await Promise.all([
    import('./api/create-app.ts'),
    import('./api/backend.ts'),
  ])
  const backend: Backend = createBackend({
    db: openDatabase(env.DB),
    logs: openDatabase(env.LOGS),
    runtime: createExecutionRuntime(env),
    contactRuntime: createContactRuntime(env),
    approvalRuntime: createApprovalRuntime(env),
    outboundRuntime: createOutboundRuntime(env),
    gateRuntime: createGateRuntime(env),
    tapRuntime: createTapRuntime(env),
    nodes: { describe: describeNodeTypes, validate: validateGraph },
    vault: isolateOf(env).vault,
    setupToken: env.LEAT_SETUP_TOKEN,
    addressHeader: env.LEAT_ADDRESS_HEADER,
  })
  return createApp<Env>(() => backend)
}
