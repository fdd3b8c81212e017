import { isTerminal } from '../../contract/facts/execution.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { openDatabase } from '../../store/database.ts'
import { executionStore } from '../../store/executions.ts'
import { toExecution } from '../../usecases/executions/execution-view.ts'
import { withKeys } from '../../usecases/executions/with-keys.ts'
import { toMessage } from '../execution/sockets.ts'
import { executionOf } from '../execution/execution-stub.ts'
import { isolateOf } from '../isolate.ts'
import { findStored } from './find-stored.ts'

/** Opens the socket that carries `LiveMessage`s of one execution. `request` is the upgrade; its caller is admitted already. */
export async function openExecutionSocket(
  env: Env,
  organizationId: OrganizationId,
  id: ExecutionId,
  request: Request,
): Promise<Response> {
  const stored = await executionStore(openDatabase(env.LOGS), { organizationId }, undefined).find(id)
  const alive = await executionOf(env, organizationId, id).view(organizationId)
  if (alive !== undefined || stored === undefined || !isTerminal(stored.summary.status)) {
    return executionOf(env, organizationId, id).fetch(request)
  }
  // It ended without an object, or its object is gone: all there is to say is said at once.
  const init = await findStored(env, organizationId, id)
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  const ended = init && toExecution(init.header, init.entries)
  server.send(toMessage(ended && (await withKeys(isolateOf(env).vault, organizationId, ended))))
  server.close(1000, 'finished')
  return new Response(null, { status: 101, webSocket: client })
}
