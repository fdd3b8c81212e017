import type { TapNews } from '../../contract/tap.ts'
import type { Env } from '../../env.ts'
import type { TapRuntime } from '../../usecases/taps/ports.ts'
import { inboxShards } from '../names.ts'
import { forEachInbox, inboxOf } from './inbox-stub.ts'

/** Good for as long as the isolate lives. What comes goes to the inbox of its own key, so a tap is at each of them. */
export function createTapRuntime(env: Env): TapRuntime {
  return {
    async open(organizationId, tap) {
      await forEachInbox(env, organizationId, (inbox) => inbox.openTap(organizationId, tap))
    },

    /** The first inbox that has news. What another one has at that moment it keeps until it is asked again. */
    async wait(organizationId, question) {
      const answers = Array.from({ length: inboxShards }, (_, shard) =>
        inboxOf(env, organizationId, shard).waitForTap(organizationId, question),
      )
      const news = await Promise.race(answers)
      return news === undefined ? undefined : (JSON.parse(news) as TapNews)
    },

    async close(organizationId, tap) {
      await forEachInbox(env, organizationId, (inbox) => inbox.closeTap(organizationId, tap))
    },
  }
}
