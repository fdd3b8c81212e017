import { byAge, insideOf, waitingIn, type Line, type Place } from './line.ts'
import { nextMoveAt } from './gate.ts'
import type { GateSettings, SharedSettings } from './settings.ts'
import { limitOf, turnOf } from './share-places.ts'

/** How one that waits stands among the others. */
export interface Standing {
  /** 1 is the next. Absent when it is too far ahead to tell. */
  position?: number
  waiting: number
  running?: number
  limit?: number
  /** When the next one goes on by itself, in epoch ms. */
  nextAt?: number
}

/** Undefined of one that does not wait. */
export function standingOf(line: Line, id: string): Standing | undefined {
  const place = line.places.get(id)
  if (place?.standing !== 'waiting') return undefined
  const { settings } = line
  return isShared(settings) ? sharedStanding(line, settings, place) : ownStanding(line, settings, place)
}

/** How many are inside, and how many wait; of a party, where there are several. */
export function countOf({ places }: Line, party = ''): { running: number; waiting: number } {
  const { inside: running = 0, waiting = 0 } = places.parties.flows.get(party) ?? {}
  return { running, waiting }
}

function ownStanding(line: Line, settings: Exclude<GateSettings, SharedSettings>, place: Place): Standing {
  const waiting = waitingIn(line)
  const nextAt = settings.gate === 'concurrency' ? null : nextMoveAt(line)
  return {
    position: waiting.findIndex(({ id }) => id === place.id) + 1,
    waiting: waiting.length,
    ...(settings.gate === 'concurrency' && { running: insideOf(line).length }),
    ...(settings.gate !== 'debounce' && { limit: settings.limit }),
    ...(nextAt !== null && { nextAt }),
  }
}

/** Among those of its organization: what others have there is nobody's business. */
function sharedStanding({ places }: Line, settings: SharedSettings, place: Place): Standing {
  const { party, lane } = places.flowsOf(place)
  const index = lane.queue.findIndex((other) => byAge(other, place) === 0)
  const position = turnOf(party.lanes, place.lane ?? '', index, limitOf(settings))
  const { waiting, inside: running } = party
  return {
    ...(position !== undefined && { position }),
    waiting,
    running,
    ...(settings.gate === 'organization' && settings.limit !== null && { limit: settings.limit }),
  }
}

function isShared(settings: GateSettings): settings is SharedSettings {
  return settings.gate === 'organization' || settings.gate === 'installation'
}
