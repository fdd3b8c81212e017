// fair-turns
//
// Whose turn it is among flows (workflows, organizations) that share a limited number of places. Each flow has a weight, 1 as a
// rule: a flow of weight 2 gets twice the places of a flow of weight 1.
//
//   F1. A flow that has less than its share of all places, in whole places, comes before every flow that has its share: it
//       does not wait behind the backlog of flows that took all places before it came.
//   F2. Among the rest turns are taken by start-time fair queueing: each turn takes a flow 1/weight further, and the
//       flow that is least far is next. So while two want turns all the time, neither gets more than one turn ahead of its due.
//   F3. Nothing is saved up: a flow that wanted nothing for a while begins where the others are.

/** A flow that wants places. */
export interface Flow {
  /** How many of it want a place, and how many have one. */
  waiting: number
  inside: number
  /** How far it has come; only compared within its round. */
  tag: number
}

/** Those who take turns. */
export interface Round<Each extends Flow> {
  readonly flows: Map<string, Each>
  /** How far all have come. */
  time: number
}

/** What a flow weighs, by its name: more than 0. */
export type WeightOf = (name: string) => number

/** A round in which nobody has taken a turn. */
export function newRound<Each extends Flow>(): Round<Each> {
  return { flows: new Map(), time: 0 }
}

/** One more of a flow wants a place. */
export function want({ time }: Round<Flow>, flow: Flow): void {
  if (flow.waiting === 0) flow.tag = Math.max(flow.tag, time)
  flow.waiting += 1
}

/** A flow takes a turn: one of it gets a place now. To be called before it is counted as one that waits no more. */
export function takeTurn(round: Round<Flow>, name: string, flow: Flow, weightOf: WeightOf): void {
  const start = flow.waiting === 0 ? Math.max(flow.tag, round.time) : flow.tag
  let least = start
  for (const other of round.flows.values()) if (other.waiting > 0) least = Math.min(least, other.tag)
  round.time = Math.max(round.time, least)
  flow.tag = start + 1 / weightOf(name)
}

/** Whose turn it is, and its share of `places`; undefined when nobody wants one. */
export function nextTurn<Each extends Flow>(
  { flows }: Round<Each>,
  places: number,
  weightOf: WeightOf,
): { name: string; flow: Each; share: number } | undefined {
  let total = 0
  for (const [name, { waiting, inside }] of flows) if (waiting > 0 || inside > 0) total += weightOf(name)
  let next: { name: string; flow: Each; share: number; isDue: boolean } | undefined
  for (const [name, flow] of flows) {
    if (flow.waiting === 0) continue
    const share = (places * weightOf(name)) / total
    // A share of 3 that came out of a division is not 2.9999.
    const isDue = flow.inside + 1 <= share + 1e-9
    if (next === undefined || (isDue && !next.isDue) || (isDue === next.isDue && flow.tag < next.flow.tag)) {
      next = { name, flow, share, isDue }
    }
  }
  return next
}

/** Forgets who neither wants nor has anything, where that changes nothing. */
export function tidy({ flows, time }: Round<Flow>): void {
  for (const [name, { waiting, inside, tag }] of flows) {
    if (waiting === 0 && inside === 0 && tag <= time) flows.delete(name)
  }
}
