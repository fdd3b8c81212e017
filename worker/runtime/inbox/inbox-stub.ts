import type { OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import type { InboxObject } from './inbox-object.ts'
import { inboxName, inboxShards } from '../names.ts'

/** A fresh stub: one that threw once may stay broken. */
export function inboxOf(env: Env, organizationId: OrganizationId, shard: number): DurableObjectStub<InboxObject> {
  return env.INBOXES.getByName(inboxName(organizationId, shard))
}

/** The same call on every inbox of an organization; rejects when one of them cannot be reached. */
export function forEachInbox<Result>(
  env: Env,
  organizationId: OrganizationId,
  call: (inbox: DurableObjectStub<InboxObject>) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(Array.from({ length: inboxShards }, (_, shard) => call(inboxOf(env, organizationId, shard))))
}
