// judge-gates: what is wrong with who was let in where only so many go on at a time
//
//   Q1. As the journals tell it there are never more inside than the limit, whoever died in between.
//   Q2. Who waits is let in before anybody whose event was accepted later and who came later.
//   Q3. Nobody is turned away but where the workflow says so, and then not without others that go on; of a `replace`
//       never the newest. Of those that a debounce takes for one, one goes on.
//
// That nobody waits for ever is I8.

import type { ConcurrencySettings, GateKind } from '../../worker/contract/concurrency.ts'
import type { GateRef, JournalEntry } from '../../worker/engine/event.ts'
import type { GateAnswer } from './world.ts'
import type { Evidence } from './run-scenario.ts'
import { workflowIdOf } from './world.ts'

type Say = (oracle: string, what: string) => void

/** One generation of an execution, from when it was let in until it was over. */
interface Stay {
  /** As its gate knows it: `exe_…/1`. */
  id: string
  acceptedAt: number
  /** Epoch ms; Infinity where it was not let in, or is not over. */
  from: number
  until: number
}

interface Party {
  stays: Stay[]
  /** Executions that were skipped, or cancelled to make room. */
  turnedAway: { id: string; acceptedAt: number; why: string }[]
}

/** Holds the journals of each gate's executions against each other. */
export function judgeGates(evidence: Evidence, say: Say): void {
  const { scenario, stored, redriven } = evidence
  const gateAnswers = evidence.gateAnswers.filter(({ gate }) => gate === 'concurrency')
  for (const [index, { gate, throttle, debounce }] of scenario.workflows.entries()) {
    const mine = stored.filter(({ row }) => row['workflow_id'] === workflowIdOf(index))
    if (throttle !== undefined || debounce !== undefined) judgeTimed(mine, evidence, say)
    if (gate === undefined) continue
    for (const [key, some] of Map.groupBy(mine, keyOf)) {
      const about = (oracle: string, what: string) => say(oracle, `the gate “${key}”: ${what}`)
      const party = partyOf(some)
      judgeLimit(party, gate.limit ?? 1, about)
      if (gate.limit === 1 && gate.policy === 'queue') judgeOrder(party, gateAnswers, about)
      if (some.every(({ id }) => !redriven.has(id))) judgeTurnedAway(party, gate, gateAnswers, about)
    }
  }
  judgeShared(evidence, say)
}

/** Whoever says what the limit is was asked in vain: then none holds. */
const isBlind = ({ fired }: Evidence) => fired.some(({ kind }) => kind.startsWith('database.'))

/** Q1, of those who have not had anything to wait for since they were let in: they keep their places. */
function judgeShared(evidence: Evidence, say: Say): void {
  if (isBlind(evidence)) return
  for (const gate of ['organization', 'installation'] as const) {
    const limit = evidence.scenario.shared?.[gate]
    if (limit === undefined) continue
    const about = (oracle: string, what: string) => say(oracle, `the gate of the ${gate}: ${what}`)
    judgeLimit({ stays: evidence.stored.flatMap((stored) => busyStays(stored, gate)), turnedAway: [] }, limit, about)
  }
}

/** What may leave an execution with nothing to do for a while. */
const mayRest = new Set(['waitStarted', 'childCalled', 'retryScheduled', 'attemptDeferred', 'paused', 'finished'])

function busyStays({ id, row, entries }: Evidence['stored'][number], gate: GateKind): Stay[] {
  const stays: Stay[] = []
  let generation = 1
  let open: Stay | undefined
  for (const event of entries.flatMap(({ events }) => events)) {
    if (event.type === 'redriven') generation = event.generation
    if (event.type === 'gatePassed' && event.gate === gate) {
      const acceptedAt = Number(row['accepted_at'])
      open = { id: `${id}/${generation}`, acceptedAt, from: event.at, until: Infinity }
      stays.push(open)
    } else if (open !== undefined && mayRest.has(event.type)) {
      open.until = Math.min(open.until, event.at)
      open = undefined
    }
  }
  return stays
}

/** Q3, of who was turned away because of when it came. */
function judgeTimed(stored: Evidence['stored'], { scenario, gateAnswers }: Evidence, say: Say): void {
  const [{ throttle, gate }] = scenario.workflows as [Evidence['scenario']['workflows'][number]]
  for (const { id, entries } of stored) {
    const end = entries.flatMap(({ events }) => events).findLast((event) => event.type === 'finished')
    if (end?.status !== 'skipped') continue
    const code = end.failure?.code ?? ''
    if (code.startsWith('concurrency.') && gate !== undefined) continue
    if (code === 'throttle.dropped') {
      const others = stored.filter((other) => other.id !== id)
      // One may have ended before it heard that it was let through.
      const isAnswered = (other: string) =>
        gateAnswers.some(({ id: to, gate, kind }) => to === `${other}/1` && gate === 'throttle' && kind === 'passed')
      const passed = others.filter((other) => hasPassed(other.entries, 'throttle') || isAnswered(other.id))
      if (throttle?.policy !== 'drop' || passed.length < throttle.limit) say('Q3', `${id} was dropped without need`)
    } else if (code === 'debounce.merged') {
      const { failure } = end
      const { by } = (failure !== undefined && 'details' in failure ? failure.details : {}) as { by?: string }
      if (by === id || !stored.some((other) => other.id === by)) say('Q3', `${id} is said to be one with ${by}`)
    } else say('Q3', `${id} was turned away: ${code}`)
  }
  const came = stored.filter(({ entries }) => gatesIn(entries).some(({ gate }) => gate === 'debounce'))
  const isMerged = ({ entries }: Evidence['stored'][number]) =>
    entries.some(({ events }) => events.some((event) => event.type === 'finished' && event.status === 'skipped'))
  if (came.length > 0 && came.every(isMerged) && gate === undefined) say('Q3', 'all were one, and nobody went on')
}

function hasPassed(entries: readonly JournalEntry[], gate: GateKind): boolean {
  return entries.some(({ events }) => events.some((event) => event.type === 'gatePassed' && event.gate === gate))
}

function gatesIn(entries: readonly JournalEntry[]): readonly GateRef[] {
  const [first] = entries[0]?.events ?? []
  return (first?.type === 'started' ? first.gates : undefined) ?? []
}

function keyOf({ entries }: Evidence['stored'][number]): string {
  return gatesIn(entries).find(({ gate }) => gate === 'concurrency')?.key ?? ''
}

function partyOf(stored: Evidence['stored']): Party {
  const party: Party = { stays: [], turnedAway: [] }
  for (const { id, row, entries } of stored) {
    const acceptedAt = Number(row['accepted_at'])
    let stay: Stay = { id: `${id}/1`, acceptedAt, from: Infinity, until: Infinity }
    party.stays.push(stay)
    for (const event of entries.flatMap(({ events }) => events)) {
      if (event.type === 'gatePassed' && event.gate === 'concurrency') stay.from = event.at
      if (event.type === 'redriven') {
        stay = { id: `${id}/${event.generation}`, acceptedAt: event.at, from: Infinity, until: Infinity }
        party.stays.push(stay)
      }
      if (event.type === 'cancelRequested' && event.by === 'concurrency') {
        party.turnedAway.push({ id, acceptedAt, why: 'concurrency.replaced' })
      }
      if (event.type !== 'finished') continue
      stay.until = event.at
      const isHere = event.failure?.code.startsWith('concurrency.') === true || event.failure === undefined
      if (event.status === 'skipped' && isHere)
        party.turnedAway.push({ id, acceptedAt, why: event.failure?.code ?? '' })
    }
  }
  return party
}

function judgeLimit({ stays }: Party, limit: number, about: Say): void {
  for (const { id, from } of stays) {
    if (from === Infinity) continue
    const inside = stays.filter((other) => other.from <= from && from < other.until)
    if (inside.length > limit) about('Q1', `${inside.length} were inside when ${id} was let in, of ${limit}`)
  }
}

/** With one place nobody can be let in beside another, so that the journals have the order of the gate. */
function judgeOrder({ stays }: Party, answers: readonly GateAnswer[], about: Say): void {
  for (const earlier of stays) {
    const stands = answers.find(({ id, kind }) => id === earlier.id && kind === 'waiting')
    if (stands === undefined || earlier.from === Infinity) continue
    for (const later of stays) {
      if (later.acceptedAt <= earlier.acceptedAt || later.from >= earlier.from) continue
      const came = answers.find(({ id }) => id === later.id)
      if (came !== undefined && came.arrivedAt > stands.at) {
        about('Q2', `${later.id} was let in before ${earlier.id}, which was waiting when it came`)
      }
    }
  }
}

function judgeTurnedAway(
  { stays, turnedAway }: Party,
  { policy, limit = 1 }: ConcurrencySettings,
  answers: readonly GateAnswer[],
  about: Say,
): void {
  const newest = Math.max(...stays.map(({ acceptedAt }) => acceptedAt))
  const isAlone = stays.filter(({ acceptedAt }) => acceptedAt === newest).length === 1
  const may = { queue: '', drop: 'concurrency.dropped', replace: 'concurrency.replaced' }[policy ?? 'queue']
  for (const { id, acceptedAt, why } of turnedAway) {
    if (why !== may) about('Q3', `${id} was turned away: ${why}`)
    if (policy === 'replace' && isAlone && acceptedAt === newest) about('Q3', `${id} is the newest, and was replaced`)
    const others = stays.filter((stay) => !stay.id.startsWith(id) && (stay.from < Infinity || isLetIn(stay, answers)))
    if (policy === 'drop' && others.length < limit) about('Q3', `${id} was dropped, and nobody was inside`)
  }
}

/** One may be over before it hears that it was let in: then its journal does not say so, and its place was taken. */
function isLetIn({ id }: Stay, answers: readonly GateAnswer[]): boolean {
  return answers.some((answer) => answer.id === id && answer.kind === 'passed')
}
