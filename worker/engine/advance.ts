import type { Json } from '../contract/json.ts'
import { decide } from './decide.ts'
import type { Outstanding } from './effect.ts'
import type { JournalEntry } from './event.ts'
import type { Input } from './input.ts'
import { outstanding } from './outstanding.ts'
import type { Plan } from './plan.ts'
import { receive } from './receive.ts'
import type { ExecutionState } from './state.ts'
import { type Identity, type IsInFlight, nothingInFlight, type Turn } from './turn.ts'

/**
 * One turn of the engine: records what happened and what follows from it, and says what is outstanding then. The turn
 * is synchronous, so a Durable Object commits it in one transaction: one entry, or null when nothing happened.
 *
 * Changes `state` in place. A host that could not commit the entry must throw the state away and fold the journal again.
 * `now` is epoch ms; a clock that went back counts as standing still. `contact` is the one that the execution is about, as
 * it is now (null: none), for plans that read it (`live-contact.ts`). An attempt that `isInFlight` says is not taken for lost
 * when its lease is over; without it none is.
 */
export function advance(
  {
    plan,
    state,
    identity,
    contact,
    isInFlight = nothingInFlight,
  }: {
    plan: Plan
    state: ExecutionState
    identity: Identity
    contact?: Json | undefined
    isInFlight?: IsInFlight | undefined
  },
  input: Input,
  now: number,
): { entry: JournalEntry | null; outstanding: Outstanding } {
  const turn: Turn = {
    plan,
    state,
    identity,
    at: Math.max(now, state.at),
    isInFlight,
    events: [],
    scope: null,
    scopeRegion: null,
    begun: 0,
    size: 0,
    contact,
    hasSeen: false,
  }
  receive(turn, input)
  decide(turn)

  if (turn.events.length === 0) return { entry: null, outstanding: outstanding(turn) }
  state.seq += 1
  state.at = turn.at
  return { entry: { seq: state.seq, at: turn.at, events: turn.events }, outstanding: outstanding(turn) }
}
