// execution-runtime
//
// The running system as use cases see it (`usecases/ports.ts`): each thing they ask is an operation of its own.

import type { Env } from '../../env.ts'
import { newId } from '../../lib/id.ts'
import type { ExecutionRuntime } from '../../usecases/ports.ts'
import { judgeAsked } from '../causality/judge-start.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { forEachInbox } from '../inbox/inbox-stub.ts'
import { isolateOf } from '../isolate.ts'
import { beginFork } from './begin-fork.ts'
import { emitEvent } from './emit-event.ts'
import { findExecution, findJournal, findQueuePlaces } from './find-execution.ts'
import { openExecutionSocket } from './open-execution-socket.ts'
import { performTestCall } from './perform-test-call.ts'
import { redeliver } from './redeliver.ts'
import { redriveExecution } from './redrive-execution.ts'
import { startExecution } from './start-execution.ts'

/** Good for as long as the isolate lives. */
export function createExecutionRuntime(env: Env): ExecutionRuntime {
  return {
    start: (request) => startExecution(env, request),
    emit: (organizationId, event, from) => emitEvent(env, organizationId, event, from),
    perform: (call) => performTestCall(env, call),
    redeliver: (organizationId, letter) => redeliver(env, organizationId, letter),

    findLive: (organizationId, id) => findExecution(env, organizationId, id),
    findQueuePlaces: (organizationId, ids) => findQueuePlaces(env, organizationId, ids),
    findJournal: (organizationId, id) => findJournal(env, organizationId, id),
    listSharedGates: (organizationId) => isolateOf(env).sharedGates.listFor(organizationId),
    openSocket: (organizationId, id, request) => openExecutionSocket(env, organizationId, id, request),

    cancel: (organizationId, id, by, reason) => executionOf(env, organizationId, id).cancel(organizationId, by, reason),
    control: (organizationId, id, input) => executionOf(env, organizationId, id).control(organizationId, input),
    migrate: (organizationId, id, wish) => executionOf(env, organizationId, id).migrate(organizationId, wish),
    redrive: (organizationId, id, by, edits, cause) => redriveExecution(env, organizationId, id, by, edits, cause),
    beginFork: (fork) => beginFork(env, fork),
    judge: (organizationId, asked) => judgeAsked(env, organizationId, asked, Date.now()),

    async routesChanged(organizationId) {
      const epoch = newId('event')
      await forEachInbox(env, organizationId, (inbox) => inbox.setEpoch(organizationId, epoch))
    },
  }
}
