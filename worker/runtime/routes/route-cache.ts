// route-cache
//
// Which workflows a hook or an event type starts, without asking the database per event.
//
//   C1. Epochs are read before routes. Whoever publishes writes routes first and epochs after; so if routes changed
//       in between, the epoch we hold is old, and the inbox refuses what we offer by it.
//   C2. Hence an entry may be any age: it is right exactly as long as the inbox takes its epoch.

import type { ContactLimits } from '../../contract/contact-limits.ts'
import type { HookKey, OrganizationId } from '../../contract/id.ts'
import { appError } from '../../lib/app-error.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { CountLimit } from '../../lib/count-limit.ts'
import { SharedRead } from '../../lib/shared-read.ts'
import type { Env } from '../../env.ts'
import type { EventWait } from '../../store/event-waits.ts'
import type { EventTarget, HookRoute, RouteStore } from '../../store/routes.ts'
import type { Vault } from '../../vault/index.ts'
import { forEachInbox } from '../inbox/inbox-stub.ts'
import { readyEvent, type WantsEvent } from '../../nodes/trigger/ready-event.ts'
import { readyHook, type ReadyHook } from './ready-hook.ts'

/** Routes with the epochs, by shard, that they were read under. */
export interface Dated<Routes> {
  routes: Routes
  epochs: readonly string[]
}

/** How much may happen to one contact of the organization; absent where it says nothing. */
export interface Limited {
  limits?: ContactLimits
}

/** A hook with its settings parsed and its secrets unsealed: for verifying requests, and for nothing else. */
export interface OpenHook extends Omit<HookRoute, 'sealedSecrets'> {
  secrets: { text: string; expiresAt: number | null }[]
  /** How the hook receives and answers; undefined while nothing active listens to it. */
  ready: ReadyHook | undefined
}

export interface ReadyEventTarget extends EventTarget {
  wants: WantsEvent
}

export interface HookLookup {
  fresh?: boolean
  from?: string | undefined
}

const maxHooks = 5_000
const maxOrganizations = 500
/** How long an address that leads nowhere is remembered as such, in ms: repeated requests to it cost no query. */
const unknownForMs = 2_000
/** Guessing tries a new address each time: limits the queries without result that one caller may cause here in a minute. */
const guesses = { most: 300, windowMs: 60_000, maxKeys: 5_000 }

/** How often in a second it is looked whether a hook's routes are still in force because they refused something. */
const looks = { most: 20, windowMs: 1_000, maxKeys: maxHooks }

export type RouteCache = ReturnType<typeof createRouteCache>

export function createRouteCache({ env, store, vault }: { env: Env; store: RouteStore; vault: Vault }) {
  const hooks = new BoundedMap<HookKey, Dated<OpenHook>>(maxHooks)
  const events = new BoundedMap<OrganizationId, Dated<ReadyEventTarget[]>>(maxOrganizations)
  const unknown = new BoundedMap<HookKey, number>(maxHooks)
  const guessed = new CountLimit(guesses)
  const looked = new CountLimit(looks)
  /** The organization a hook belongs to never changes, so it can be known before its routes are read. */
  const owners = new BoundedMap<HookKey, OrganizationId>(maxHooks)

  const epochsOf = (organizationId: OrganizationId) =>
    forEachInbox(env, organizationId, (inbox) => inbox.epoch(organizationId))

  async function openHook(hook: HookRoute): Promise<OpenHook> {
    const { sealedSecrets, ...rest } = hook
    const secrets = await Promise.all(
      sealedSecrets.map(async ({ text, expiresAt }) => ({
        text: await vault.open(text, {
          organizationId: hook.organizationId,
          kind: 'hook',
          id: hook.key,
          field: 'secret',
        }),
        expiresAt,
      })),
    )
    const [target] = hook.targets
    return { ...rest, secrets, ready: target === undefined ? undefined : readyHook(target.params) }
  }

  const waits = new BoundedMap<OrganizationId, Dated<EventWait[]> & Limited>(maxOrganizations)

  const hookReads = new SharedRead<Dated<OpenHook> | undefined>()
  const eventReads = new SharedRead<Dated<ReadyEventTarget[]>>()
  const waitReads = new SharedRead<Dated<EventWait[]> & Limited>()

  async function readHook(key: HookKey): Promise<Dated<OpenHook> | undefined> {
    let owner = owners.get(key)
    if (owner === undefined) {
      owner = (await store.findHook(key))?.organizationId
      if (owner === undefined) {
        unknown.set(key, Date.now() + unknownForMs)
        return undefined
      }
      owners.set(key, owner)
    }
    const epochs = await epochsOf(owner)
    const hook = await store.findHook(key)
    if (hook === undefined) {
      hooks.delete(key)
      return undefined
    }
    const dated = { routes: await openHook(hook), epochs }
    hooks.set(key, dated)
    return dated
  }

  async function readEventTargets(organizationId: OrganizationId): Promise<Dated<ReadyEventTarget[]>> {
    const epochs = await epochsOf(organizationId)
    const targets = await store.listEventTargets(organizationId)
    const dated = { routes: targets.map((target) => ({ ...target, wants: readyEvent(target.params) })), epochs }
    events.set(organizationId, dated)
    return dated
  }

  async function readEventWaits(organizationId: OrganizationId): Promise<Dated<EventWait[]> & Limited> {
    const epochs = await epochsOf(organizationId)
    const [routes, limits] = await Promise.all([
      store.listEventWaits(organizationId),
      store.findContactLimits(organizationId),
    ])
    const dated = { routes, epochs, ...(limits !== undefined && { limits }) }
    waits.set(organizationId, dated)
    return dated
  }

  // A `fresh` read is never shared with one that is under way: that may have begun before the routes changed.
  return {
    /** Which events executions of an organization may wait for, and how much may happen to one contact. `fresh` reads it again. */
    async listEventWaits(organizationId: OrganizationId, fresh = false): Promise<Dated<EventWait[]> & Limited> {
      if (fresh) return readEventWaits(organizationId)
      return waits.get(organizationId) ?? waitReads.get(organizationId, () => readEventWaits(organizationId))
    },

    /** A hook that was read before; its routes may have changed since (C2). */
    knownHook: (key: HookKey): Dated<OpenHook> | undefined => hooks.get(key),

    /**
     * Whether the routes that were read of a hook still hold (C2). Taken for granted where that was asked too often within
     * the last second: whoever sends what is refused causes no more work than that.
     */
    async isInForce({ routes, epochs }: Dated<OpenHook>): Promise<boolean> {
      if (!looked.take(routes.key, Date.now())) return true
      const present = await epochsOf(routes.organizationId)
      return present.every((epoch, shard) => epoch === epochs[shard])
    },

    /**
     * A hook with what it starts; undefined when there is none. `fresh` reads it again. `from` is who asks, where that
     * is known. Throws `AppError` `request.rate_limited` where too many of theirs led nowhere.
     */
    async findHook(key: HookKey, { fresh = false, from }: HookLookup = {}): Promise<Dated<OpenHook> | undefined> {
      const known = hooks.get(key)
      if (known !== undefined && !fresh) return known
      const now = Date.now()
      if ((unknown.get(key) ?? 0) > now) return undefined
      if (fresh) return readHook(key)
      const waitMs = from === undefined ? 0 : guessed.waitMs(from, now)
      if (waitMs > 0) throw appError('request.rate_limited', { details: { retryAfter: Math.ceil(waitMs / 1_000) } })
      const hook = await hookReads.get(key, () => readHook(key))
      if (hook === undefined && from !== undefined) guessed.add(from, now)
      return hook
    },

    /** Everything in an organization that listens to events. `fresh` reads it again. */
    async listEventTargets(organizationId: OrganizationId, fresh = false): Promise<Dated<ReadyEventTarget[]>> {
      if (fresh) return readEventTargets(organizationId)
      return events.get(organizationId) ?? eventReads.get(organizationId, () => readEventTargets(organizationId))
    },
  }
}
