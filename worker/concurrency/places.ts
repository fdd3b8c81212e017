// places
//
// Those who stand at a gate, and what has to be found among them without looking at all: who waits, in order; who is
// inside; who has not been told; who changed since they were stored. What is counted here is always what stands.

import { want, type Flow, type Round } from './fair-turns.ts'
import { newRound } from './fair-turns.ts'
import type { Place } from './line.ts'

/** Those of one workflow; of a gate that only one workflow passes, all. */
export interface Lane extends Flow {
  /** Who waits, by age. */
  readonly queue: Place[]
}

/** Those of one organization; of a gate that only one organization passes, all. */
export interface Party extends Flow {
  readonly lanes: Round<Lane>
}

/** Those who stand at one gate, one place per execution. */
export class Places {
  readonly parties: Round<Party> = newRound()
  readonly #all = new Map<string, Place>()
  readonly #inside = new Map<string, Place>()
  readonly #untold = new Map<string, Place>()
  /** The id under which an execution stands here: it is in one generation at a time. */
  readonly #ids = new Map<string, string>()
  #changed = new Set<string>()

  get size(): number {
    return this.#all.size
  }

  get(id: string): Place | undefined {
    return this.#all.get(id)
  }

  values(): IterableIterator<Place> {
    return this.#all.values()
  }

  inside(): IterableIterator<Place> {
    return this.#inside.values()
  }

  get insideCount(): number {
    return this.#inside.size
  }

  /** Executions that have not acknowledged their last state and are not merely queued. */
  untold(): IterableIterator<Place> {
    return this.#untold.values()
  }

  /** Under which id an execution stands here, in whatever generation. */
  idOf(execution: string): string | undefined {
    return this.#ids.get(execution)
  }

  /** Who waits, by age. */
  waiting(): Place[] {
    const lanes = [...this.parties.flows.values()].flatMap((party) => [...party.lanes.flows.values()])
    const queues = lanes.flatMap(({ queue }) => (queue.length === 0 ? [] : [queue]))
    return queues.length === 1 ? [...queues[0]!] : queues.flat().toSorted(byAge)
  }

  /** In what it stands. Made where there is none yet. */
  flowsOf({ party = '', lane = '' }: Pick<Place, 'party' | 'lane'>): { party: Party; lane: Lane } {
    const its = found(this.parties, party, () => ({ ...noFlow, lanes: newRound<Lane>() }))
    return { party: its, lane: found(its.lanes, lane, () => ({ ...noFlow, queue: [] })) }
  }

  set(place: Place): void {
    const { id, standing, told } = place
    const before = this.#all.get(id)
    if (before !== undefined) this.#uncount(before)
    this.#all.set(id, place)
    this.#ids.set(executionIn(id), id)
    this.#changed.add(id)
    const { party, lane } = this.flowsOf(place)
    if (standing === 'waiting') {
      want(this.parties, party)
      want(party.lanes, lane)
      lane.queue.splice(whereIn(lane.queue, place), 0, place)
    } else if (!told) this.#untold.set(id, place)
    if (standing !== 'inside') return
    this.#inside.set(id, place)
    party.inside += 1
    lane.inside += 1
  }

  delete(id: string): void {
    const place = this.#all.get(id)
    if (place === undefined) return
    this.#uncount(place)
    this.#all.delete(id)
    if (this.#ids.get(executionIn(id)) === id) this.#ids.delete(executionIn(id))
    this.#changed.add(id)
  }

  /** Who came, went or stands otherwise since this was asked last. */
  takeChanged(): ReadonlySet<string> {
    const changed = this.#changed
    this.#changed = new Set()
    return changed
  }

  #uncount(place: Place): void {
    const { id, standing } = place
    const { party, lane } = this.flowsOf(place)
    this.#untold.delete(id)
    if (this.#inside.delete(id)) {
      party.inside -= 1
      lane.inside -= 1
    }
    if (standing !== 'waiting') return
    lane.queue.splice(whereIn(lane.queue, place), 1)
    party.waiting -= 1
    lane.waiting -= 1
  }
}

/** As they were stored. */
export function placesOf(stored: Iterable<Place>): Places {
  const places = new Places()
  for (const place of stored) places.set(place)
  places.takeChanged()
  return places
}

/** Orders by when the events were accepted; of one instant, by who came here first. */
export function byAge(one: Pick<Place, 'at' | 'seq'>, other: Pick<Place, 'at' | 'seq'>): number {
  return one.at - other.at || one.seq - other.seq
}

/** The execution that an id names, without its generation. */
export function executionIn(id: string): string {
  return id.slice(0, id.indexOf('/'))
}

const noFlow: Flow = { waiting: 0, inside: 0, tag: 0 }

function found<Each extends Flow>({ flows }: Round<Each>, name: string, make: () => Each): Each {
  const known = flows.get(name)
  if (known !== undefined) return known
  const made = make()
  flows.set(name, made)
  return made
}

/** Where a place stands in a queue, or would. Most come last and leave first. */
function whereIn(queue: readonly Place[], place: Place): number {
  let low = 0
  let high = queue.length
  if (high > 0 && byAge(queue[high - 1]!, place) < 0) return high
  if (high > 0 && byAge(queue[0]!, place) >= 0) return 0
  while (low < high) {
    const middle = (low + high) >> 1
    if (byAge(queue[middle]!, place) < 0) low = middle + 1
    else high = middle
  }
  return low
}
