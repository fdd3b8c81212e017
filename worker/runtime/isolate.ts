// isolate
//
// What one isolate keeps between requests: compiled plans, routes, derived keys, the way out. All of it is either
// immutable, or checked against the inbox's epoch before anything is accepted on its word; none of it belongs to a
// request or a person, and every entry is found by a name that contains or implies its organization.

import type { Env } from '../env.ts'
import { createEgress, fetchesOf, type Egress } from '../egress/index.ts'
import type { HookKey } from '../contract/id.ts'
import { readAddressHeader } from '../lib/address-header.ts'
import { CountLimit } from '../lib/count-limit.ts'
import { routeStore, type RouteStore } from '../store/routes.ts'
import { createVault, type Vault } from '../vault/index.ts'
import { createAcceptor, type Acceptor } from './inbox/acceptor.ts'
import { createBulkPolicy, type BulkPolicy } from './records/bulk-policy.ts'
import { runRule, type RunRule } from './records/record-text.ts'
import { snapshotRule, type SnapshotRule } from './execution/snapshots.ts'
import { createSharedGates, readInstallationLimits, type SharedGates } from './gate/shared-gates.ts'
import { createOutbound, type Outbound } from './outbound/outbound.ts'
import { outboundPorts } from './outbound/outbound-ports.ts'
import { createPlans, type Plans } from './plans.ts'
import { createRouteCache, type RouteCache } from './routes/route-cache.ts'

export interface Isolate {
  /** The header that says where a request comes from; undefined where nothing says it. */
  addressHeader: string | undefined
  plans: Plans
  routes: RouteCache
  routeStore: RouteStore
  vault: Vault
  egress: Egress
  /** Through which executions call: it holds calls back that are not to be made now. */
  outbound: Outbound
  acceptor: Acceptor
  bulkPolicy: BulkPolicy
  /** When executions keep snapshots. */
  snapshotRule: SnapshotRule
  /** When their journals are handed over in runs. */
  runRule: RunRule
  /** The gates that executions of many workflows pass, where there are any. */
  sharedGates: SharedGates
  /** Whether those who may listen at a hook are told that a request was refused there: not more often than matters to a person. */
  mayTellOfRefusal(hookKey: HookKey): boolean
}

/** Refusals at one hook in a second of which an inbox is told. */
const refusals = { most: 5, windowMs: 1_000, maxKeys: 5_000 }

let current: { secret: string; isolate: Isolate } | undefined

/** The isolate's own memory, made at its first use. */
export function isolateOf(env: Env): Isolate {
  if (current?.secret === env.LEAT_SECRET) return current.isolate
  const store = routeStore(env.DB)
  const vault = createVault({ rootSecret: env.LEAT_SECRET })
  const told = new CountLimit(refusals)
  const isolate: Isolate = {
    addressHeader: readAddressHeader(env.LEAT_ADDRESS_HEADER),
    plans: createPlans(store),
    routes: createRouteCache({ env, store, vault }),
    routeStore: store,
    vault,
    acceptor: createAcceptor(env),
    bulkPolicy: createBulkPolicy(),
    snapshotRule,
    runRule,
    sharedGates: createSharedGates(store, readInstallationLimits(env)),
    mayTellOfRefusal: (hookKey) => told.take(hookKey, Date.now()),
    outbound: createOutbound(outboundPorts(env)),
    egress: createEgress({
      allow: listOf(env.LEAT_EGRESS_ALLOW),
      ownHosts: listOf(env.LEAT_HOSTS),
      ...fetchesOf(env),
    }),
  }
  current = { secret: env.LEAT_SECRET, isolate }
  return isolate
}

/** The entries of a comma-separated variable. */
function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
