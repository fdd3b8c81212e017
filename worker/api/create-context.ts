import type { Cause } from '../contract/cause.ts'
import { directory, type KnownMember } from '../store/directory.ts'
import { openStores } from '../store/stores.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Context } from '../usecases/context.ts'
import type { ApiContext } from './env.ts'

/** What use cases can ask for on behalf of an admitted caller. */
export function createContext(c: ApiContext, scope: Scope, member: KnownMember, cause?: Cause): Context {
  const { backend, requestId } = c.var
  const {
    db,
    logs,
    runtime,
    contactRuntime,
    approvalRuntime,
    outboundRuntime,
    gateRuntime,
    nodes,
    vault,
    yardsticks,
    now,
  } = backend
  return {
    ...openStores({ db, logs }, scope, requestId),
    scope,
    member,
    cause,
    listOrganizations: () => directory(db).listOrganizations(scope.userId),
    runtime,
    contactRuntime,
    approvalRuntime,
    outboundRuntime,
    gateRuntime,
    nodes,
    vault,
    yardsticks,
    now,
    origin: new URL(c.req.url).origin,
  }
}
