// share-places
//
// Places that many share: the workflows of an organization, the organizations of an installation.
//
//   S1. Nobody is let in while as many are inside as may be; nobody waits while there is a place.
//   S2. Who waits is let in by turns (`fair-turns.ts`), first among organizations, then among the workflows of one; in
//       one workflow by age.
//   S3. Who has been let in never waits here again: one that gave its place back while it had nothing to do takes one
//       when it goes on, also where that is one more than may be. Until places are free again, nobody else is let in.
//   S4. Nobody is turned away. Of one workflow so many stand here; others come again later, and their age counts.

import { nextTurn, takeTurn, tidy, type Round, type WeightOf } from './fair-turns.ts'
import { insideCountOf, placeFor, put, type Answer, type Comer, type Line } from './line.ts'
import type { Lane } from './places.ts'
import type { SharedSettings } from './settings.ts'

/** Executions of one workflow that stand at one gate. */
export const mostInLane = 20_000

const alike: WeightOf = () => 1

/** Takes in who comes. `now` is epoch ms. */
export function sharePlaces(line: Line, settings: SharedSettings, comer: Comer, now: number): Answer {
  const mine = placeFor(line, comer)
  if (comer.isBack === true) {
    put(line, { ...mine, standing: 'inside', seenAt: now })
    return { kind: 'passed' }
  }
  letInByTurns(line, settings, now)
  const { parties } = line.places
  const { party, lane } = line.places.flowsOf(mine)
  if (insideCountOf(line) < limitOf(settings)) {
    takeTurn(parties, mine.party ?? '', party, weightsOf(settings))
    takeTurn(party.lanes, mine.lane ?? '', lane, alike)
    put(line, { ...mine, standing: 'inside', seenAt: now })
    tidyAll(line)
    return { kind: 'passed' }
  }
  line.pressed = true
  if (lane.waiting < mostInLane) put(line, mine)
  return { kind: 'waiting' }
}

/** Gives free places to those whose turn it is. */
export function letInByTurns(line: Line, settings: SharedSettings, now: number): void {
  const { parties } = line.places
  const limit = limitOf(settings)
  const weights = weightsOf(settings)
  for (;;) {
    if (insideCountOf(line) >= limit) return
    const next = nextTurn(parties, limit, weights)
    if (next === undefined) return tidyAll(line)
    const { name, flow, share } = next
    const lane = nextTurn(flow.lanes, share, alike)!
    takeTurn(parties, name, flow, weights)
    takeTurn(flow.lanes, lane.name, lane.flow, alike)
    put(line, { ...lane.flow.queue[0]!, standing: 'inside', told: false, seenAt: now })
  }
}

/** Turns that are looked ahead. */
const mostAhead = 2_000

/**
 * When it will be its turn, among those of its organization, if nobody else comes: 1 is the next. Undefined when that is
 * too far ahead to tell.
 */
export function turnOf(lanes: Round<Lane>, laneName: string, index: number, places: number): number | undefined {
  const ahead: Round<Omit<Lane, 'queue'>> = {
    time: lanes.time,
    flows: new Map([...lanes.flows].map(([name, { waiting, inside, tag }]) => [name, { waiting, inside, tag }])),
  }
  let left = index
  for (let turn = 1; turn <= mostAhead; turn++) {
    const next = nextTurn(ahead, places, alike)
    if (next === undefined) return undefined
    if (next.name === laneName && left-- === 0) return turn
    takeTurn(ahead, next.name, next.flow, alike)
    next.flow.waiting -= 1
    next.flow.inside += 1
  }
  return undefined
}

/** How many may be inside. */
export function limitOf({ limit }: SharedSettings): number {
  return limit ?? Infinity
}

function weightsOf(settings: SharedSettings): WeightOf {
  return settings.gate === 'organization' ? alike : (name) => settings.weights[name] ?? 1
}

function tidyAll({ places: { parties } }: Line): void {
  for (const { lanes } of parties.flows.values()) tidy(lanes)
  tidy(parties)
}
