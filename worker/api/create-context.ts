import type { Cause } from '../contract/cause.ts'
import { directory, type KnownMember } from '../store/directory.ts'
import { openStores } from '../store/stores.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Context } from '../usecases/context.ts'
import type { ApiContext } from './env.ts'

/** What use cases can ask for on behalf of an admitted caller. */
export function createContext(c: ApiContext, scope: Scope, member: KnownMember, cause?: Cause): Context {
  const { backend, requestId } = c.var
  return {
    ...openStores(backend, scope, requestId),
    scope,
    member,
    cause,
    listOrganizations: () => directory(backend.db).listOrganizations(scope.userId),
    runtime: backend.runtime,
    contactRuntime: backend.contactRuntime,
    approvalRuntime: backend.approvalRuntime,
    outboundRuntime: backend.outboundRuntime,
    gateRuntime: backend.gateRuntime,
    tapRuntime: backend.tapRuntime,
    nodes: backend.nodes,
    vault: backend.vault,
    yardsticks: backend.yardsticks,
    now: backend.now,
    origin: new URL(c.req.url).origin,
  }
}
