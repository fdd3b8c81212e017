// The Worker: what comes in, and who takes it. Wiring only.

import { answerHook } from './api/hooks/answer-hook.ts'
import type { Env } from './env.ts'
import { ingestHook } from './runtime/ingest/ingest-hook.ts'
import { consumeDeadLetters } from './runtime/consume-dead-letters.ts'
import { consumeRecords } from './runtime/consume-records.ts'
import { consumeTriggers } from './runtime/consume-triggers.ts'
import type { RecordsMessage, TriggerMessage } from './runtime/messages.ts'
import { sweep } from './runtime/sweep.ts'

export { ExecutionObject } from './runtime/execution-object.ts'
export { InboxObject } from './runtime/inbox-object.ts'

export default {
  async fetch(request, env, ctx) {
    const { pathname } = new URL(request.url)
    if (pathname.startsWith('/hooks/')) return answerHook(() => ingestHook(request, env, ctx))
    return env.ASSETS.fetch(request)
  },

  async queue(batch, env) {
    switch (batch.queue) {
      case 'leat-triggers':
        return consumeTriggers(batch as MessageBatch<TriggerMessage>, env)
      case 'leat-records':
        return consumeRecords(batch as MessageBatch<RecordsMessage>, env)
      default:
        return consumeDeadLetters(batch)
    }
  },

  async scheduled(controller, env) {
    await sweep(env, controller.scheduledTime)
  },
} satisfies ExportedHandler<Env, TriggerMessage | RecordsMessage>
