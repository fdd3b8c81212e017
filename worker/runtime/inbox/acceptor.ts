// acceptor
//
// Offers events to inboxes. Events that come to one inbox while an offer is under way go together in the next, so that
// under load one call and one commit make many of them durable; one that comes alone does not wait. An inbox knows an
// event that it has taken by its id, so offering it again when an answer does not come is safe.
//
//   W1. An event is written down when its offer goes out, one after the other with those that go along: what writes them
//       (and plays what is over at once) is warm then, and takes a fraction of the time that it takes between requests.
//   W2. Whichever request makes the offer does it, for all. An event that cannot be written down fails its own request only.

import type { OrganizationId } from '../../contract/id.ts'
import { appError, type AppError } from '../../lib/app-error.ts'
import { BoundedMap } from '../../lib/bounded-map.ts'
import { GroupCall, type GroupLimits } from '../../lib/group-call.ts'
import { inLots } from '../../lib/in-lots.ts'
import type { Env } from '../../env.ts'
import { fitsRow, mostRowBytes } from './fits-row.ts'
import type { Acceptance, OfferedEvent } from './accept-together.ts'
import type { InboxObject, PlayedRow } from './inbox-object.ts'
import { inboxOf } from './inbox-stub.ts'
import { inboxName, shardOf } from '../names.ts'

/** An event that wants to be accepted. */
export interface Candidate {
  /** As its offer will have it. */
  key: string
  /**
   * Writes it down. Called by another request, and perhaps twice (W2): so it uses nothing that belongs to a request, and gives
   * the same event each time.
   */
  write(): OfferedEvent
  /** How many steps of an execution are played to write it down; none unless said. */
  steps?: number
}

/** A candidate between requests: `write` never throws. */
interface Draft {
  steps: number
  write(): OfferedEvent | undefined
}

type Outcome = Acceptance | { kind: 'failed' } | { kind: 'unwritten' }

/** Steps that one request plays for itself and those that it takes along: each may compute for a moment. */
const mostSteps = 250

/** An inbox that has not answered within `patienceMs` may have died. */
const limits = { maxItems: 100, patienceMs: 2_000 }
const offerLimits: GroupLimits<Draft> = { ...limits, maxWeight: mostSteps, weightOf: ({ steps }) => steps }
const replaceLimits: GroupLimits<PlayedRow> = { ...limits, maxWeight: 1, weightOf: () => 0 }

/** A call takes 32 MB; a character may take three bytes. */
const mostCharacters = 4_000_000
const offerLots = {
  most: mostCharacters,
  weightOf: ({ pending, answer }: OfferedEvent) => pending.length + answer.length + 500,
}
const replaceLots = { most: mostCharacters, weightOf: ({ text }: PlayedRow) => text.length + 100 }
const maxInboxes = 2_000

export interface Acceptor {
  /**
   * Resolves when the event is durable, or when it is clear that it is not to be taken. Throws what writing it down throws,
   * `AppError` `request.too_large` for one that no inbox could ever keep, and `service.unavailable`.
   */
  accept(organizationId: OrganizationId, candidate: Candidate): Promise<Acceptance>
  /**
   * Puts what was played of an execution in place of the direct event that began it. False: a consumer has begun the event,
   * or may have, so it is not its caller's to play any more. Resolves when it is durable.
   */
  replace(organizationId: OrganizationId, shard: number, row: PlayedRow): Promise<boolean>
  /** How many events wait to become durable now, of all that this isolate takes. */
  waiting(): number
}

export function createAcceptor(env: Env): Acceptor {
  const offers = new BoundedMap<string, GroupCall<Draft, Outcome>>(maxInboxes)
  const played = new BoundedMap<string, GroupCall<PlayedRow, boolean>>(maxInboxes)

  function offersOf(organizationId: OrganizationId, shard: number) {
    return groupOf(offers, inboxName(organizationId, shard), () => {
      const offer = (drafts: Draft[]) => offerAll(inboxOf(env, organizationId, shard), organizationId, drafts)
      return new GroupCall(offer, offerLimits)
    })
  }

  function playedOf(organizationId: OrganizationId, shard: number) {
    return groupOf(played, inboxName(organizationId, shard), () => {
      const replace = (rows: PlayedRow[]) =>
        inLots(rows, replaceLots, async (lot) => inboxOf(env, organizationId, shard).replaceAll(organizationId, lot))
      return new GroupCall(replace, replaceLimits)
    })
  }

  let waiting = 0

  return {
    async accept(organizationId, { key, write, steps = 0 }) {
      let refusal: unknown
      const draft: Draft = {
        steps,
        write() {
          try {
            return requireRow(write())
          } catch (error) {
            refusal = error
            return undefined
          }
        },
      }
      waiting += 1
      try {
        const outcome = await offersOf(organizationId, shardOf(key)).run(draft)
        if (outcome.kind === 'unwritten') throw refusal
        if (outcome.kind === 'failed') throw appError('service.unavailable')
        return outcome
      } finally {
        waiting -= 1
      }
    },

    waiting: () => waiting,

    replace: (organizationId, shard, row) => playedOf(organizationId, shard).run(row),
  }
}

/** Writes all of them down, and then offers them. */
async function offerAll(
  inbox: DurableObjectStub<InboxObject>,
  organizationId: OrganizationId,
  drafts: readonly Draft[],
): Promise<Outcome[]> {
  const written = drafts.map((draft) => draft.write())
  const events = written.filter((event) => event !== undefined)
  const acceptances = await inLots(events, offerLots, async (lot) => inbox.acceptAll(organizationId, lot))
  let taken = 0
  return written.map((event) => (event === undefined ? { kind: 'unwritten' } : acceptances[taken++]!))
}

function groupOf<Group>(groups: BoundedMap<string, Group>, name: string, create: () => Group): Group {
  let group = groups.get(name)
  if (group === undefined) groups.set(name, (group = create()))
  return group
}

/** Throws for an event whose row would be too large. */
function requireRow(event: OfferedEvent): OfferedEvent {
  if (!fitsRow(event.pending)) throw tooLarge()
  return event
}

/** Written down, data can be longer than it came: of numbers such as `1e20` every digit is. */
function tooLarge(): AppError {
  return appError('request.too_large', {
    message: 'Written down with all of its digits, this is larger than allowed.',
    details: { what: 'size when stored', limit: mostRowBytes },
  })
}
